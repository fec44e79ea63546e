package io.bitdelta.node.attest;

import java.io.IOException;

/** Issues evidence about the environment that the node runs in. */
public interface EvidenceSource {
    /**
     * Issues evidence, with the endorsements that were to be had for it.
     *
     * @param reportData 64 bytes that it must bind
     * @throws io.bitdelta.attestation.attester.AttesterException when the platform gives none
     */
    Endorsed issue(byte[] reportData) throws IOException, InterruptedException;
}
