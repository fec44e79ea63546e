package io.bitdelta.attestation.appraisal;

import java.time.Instant;
import java.util.List;

/** The verifier of RFC 9334: finds the technology and lets its verifier judge. */
public final class Appraiser {
    private final List<EvidenceVerifier> verifiers;

    /** An appraiser of these technologies, asked in order. */
    public Appraiser(List<EvidenceVerifier> verifiers) {
        this.verifiers = List.copyOf(verifiers);
    }

    /** Whether any technology recognises the bytes as its evidence. */
    public boolean recognises(byte[] evidence) {
        return verifiers.stream().anyMatch(verifier -> verifier.recognises(evidence));
    }

    /** The evidence's own bytes, which every hash of it is over. */
    public byte[] significant(byte[] evidence) {
        for (EvidenceVerifier verifier : verifiers) {
            if (verifier.recognises(evidence)) {
                return verifier.significant(evidence);
            }
        }
        return evidence.clone();
    }

    /** What a collateral service has for this evidence; nothing for evidence of no known technology. */
    public List<CollateralRequest> collateral(byte[] evidence) {
        for (EvidenceVerifier verifier : verifiers) {
            if (verifier.recognises(evidence)) {
                return verifier.collateral(evidence);
            }
        }
        return List.of();
    }

    /** What an OCSP responder is to be asked about this evidence and the documents that were had for it. */
    public List<CollateralRequest> revocation(byte[] evidence, Endorsements had) {
        for (EvidenceVerifier verifier : verifiers) {
            if (verifier.recognises(evidence)) {
                return verifier.revocation(evidence, had);
            }
        }
        return List.of();
    }

    /** As below, with 64 bytes of expected report data. */
    public AppraisalResult appraise(
            byte[] evidence, Endorsements endorsements, AppraisalPolicy policy, Instant at, byte[] expectedReportData) {
        return appraise(evidence, endorsements, policy, at, Expectation.reportData(expectedReportData));
    }

    /**
     * Judges evidence.
     *
     * @return the result; unknown evidence is {@code UNSUPPORTED}
     */
    public AppraisalResult appraise(
            byte[] evidence, Endorsements endorsements, AppraisalPolicy policy, Instant at, Expectation expectation) {
        for (EvidenceVerifier verifier : verifiers) {
            if (verifier.recognises(evidence)) {
                return verifier.appraise(evidence, endorsements, policy, at, expectation);
            }
        }
        Appraisal unknown = new Appraisal(Technology.UNKNOWN);
        unknown.report(Reason.UNSUPPORTED, "no known kind of evidence in " + evidence.length + " bytes");
        return unknown.result();
    }
}
