package io.bitdelta.node.attest;

import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.evidence.software.SoftwareAttester;

/** Evidence of a key in the data folder; it proves nothing and is admitted on test chains only. */
public final class DevelopmentEvidence implements EvidenceSource {
    private final SoftwareAttester attester;
    private final Bytes32 measurement;

    /**
     * @param attester the folder's key
     * @param measurement hash of the running code, as claimed
     */
    public DevelopmentEvidence(SoftwareAttester attester, Bytes32 measurement) {
        this.attester = attester;
        this.measurement = measurement;
    }

    @Override
    public Endorsed issue(byte[] reportData) {
        return new Endorsed(attester.attest(reportData, measurement), Endorsements.none());
    }
}
