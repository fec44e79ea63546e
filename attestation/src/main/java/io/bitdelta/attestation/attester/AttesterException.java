package io.bitdelta.attestation.attester;

import java.io.IOException;

/** The platform gave no evidence. */
public final class AttesterException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The message names the interface and what it said. */
    public AttesterException(String message) {
        super(message);
    }
}
