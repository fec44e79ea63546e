package io.bitdelta.attestation.appraisal;

import java.time.Instant;
import java.util.List;

/** Verifies one technology's evidence. Hostile input gives a result, never an exception. Stateless. */
public interface EvidenceVerifier {
    /** Whether the bytes claim to be of this technology; says nothing about their truth. */
    boolean recognises(byte[] evidence);

    /**
     * The evidence's own bytes, which every hash of it is over: without trailing bytes and outer spellings. Evidence that
     * cannot be parsed is its own bytes.
     */
    default byte[] significant(byte[] evidence) {
        return evidence.clone();
    }

    /** What a collateral service has for this evidence; nothing for evidence that cannot be parsed. */
    default List<CollateralRequest> collateral(byte[] evidence) {
        return List.of();
    }

    /**
     * What an OCSP responder is to be asked: about the certificates of the evidence and of documents that were had. Nothing
     * for technologies that use revocation lists.
     */
    default List<CollateralRequest> revocation(byte[] evidence, Endorsements had) {
        return List.of();
    }

    /**
     * Appraises.
     *
     * @param evidence raw bytes that {@link #recognises} accepted
     * @param endorsements the documents at hand
     * @param policy what is asked for
     * @param at the time of the judgement
     * @param expectation what must be bound
     */
    AppraisalResult appraise(
            byte[] evidence, Endorsements endorsements, AppraisalPolicy policy, Instant at, Expectation expectation);
}
