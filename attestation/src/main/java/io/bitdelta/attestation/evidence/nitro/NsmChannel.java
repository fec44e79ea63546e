package io.bitdelta.attestation.evidence.nitro;

import java.io.IOException;

/** Carries one message to the security module and its answer back. */
interface NsmChannel {
    /**
     * Exchanges messages.
     *
     * @param request CBOR, at most 4096 bytes
     * @return CBOR
     * @throws io.bitdelta.attestation.attester.AttesterException when the device is not there or refuses
     */
    byte[] exchange(byte[] request) throws IOException;
}
