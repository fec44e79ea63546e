package io.bitdelta.attestation.attester;

import java.io.IOException;
import java.util.Arrays;

/** Issues evidence about the environment that it runs in. */
public interface Attester {
    /** Evidence and what came with it. */
    final class Issued {
        private final byte[] evidence;
        private final byte[] auxiliary;

        /**
         * Copies.
         *
         * @param evidence quote, report or document
         * @param auxiliary certificates that the platform handed out with it; may be empty
         */
        public Issued(byte[] evidence, byte[] auxiliary) {
            this.evidence = evidence.clone();
            this.auxiliary = auxiliary.clone();
        }

        /** Quote, report or document. */
        public byte[] evidence() {
            return evidence.clone();
        }

        /** What the platform handed out with it; may be empty. */
        public byte[] auxiliary() {
            return auxiliary.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Issued that
                    && Arrays.equals(evidence, that.evidence)
                    && Arrays.equals(auxiliary, that.auxiliary);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(evidence);
        }
    }

    /**
     * Issues evidence.
     *
     * @param reportData 64 bytes that it must bind
     * @throws AttesterException when the platform refuses or interferes
     */
    Issued attest(byte[] reportData) throws IOException, InterruptedException;
}
