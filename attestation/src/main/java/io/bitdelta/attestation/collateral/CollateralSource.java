package io.bitdelta.attestation.collateral;

import io.bitdelta.attestation.appraisal.CollateralRequest;
import java.util.List;

/** Where collateral comes from. */
public interface CollateralSource {
    /**
     * Collects documents; never fails for a document that is not to be had.
     *
     * @param requests what the evidence asks for ({@link io.bitdelta.attestation.appraisal.Appraiser#collateral})
     */
    Collected collect(List<CollateralRequest> requests) throws InterruptedException;

    /**
     * What was had.
     *
     * @param documents endorsements, in the order of the requests
     * @param complaints one line for each request that was not answered as it should
     */
    record Collected(List<byte[]> documents, List<String> complaints) {
        /** Copies. */
        public Collected {
            documents = documents.stream().map(byte[]::clone).toList();
            complaints = List.copyOf(complaints);
        }
    }
}
