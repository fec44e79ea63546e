package io.bitdelta.node.attest;

import io.bitdelta.attestation.appraisal.Endorsements;

/** Evidence and what others vouch for about its platform. */
public final class Endorsed {
    private final byte[] evidence;
    private final Endorsements endorsements;

    /**
     * Copies.
     *
     * @param evidence quote, report or document
     * @param endorsements certificates, lists and collateral; may be incomplete, which an appraisal says
     */
    public Endorsed(byte[] evidence, Endorsements endorsements) {
        this.evidence = evidence.clone();
        this.endorsements = endorsements;
    }

    /** Quote, report or document. */
    public byte[] evidence() {
        return evidence.clone();
    }

    /** Certificates, lists and collateral. */
    public Endorsements endorsements() {
        return endorsements;
    }
}
