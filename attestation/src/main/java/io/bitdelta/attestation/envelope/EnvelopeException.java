package io.bitdelta.attestation.envelope;

import java.io.IOException;

/** An envelope that cannot be opened; {@link #reason} says which property does not hold. */
public final class EnvelopeException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
        /** Not an envelope of this version, or a damaged header. */
        MALFORMED,
        /** Sealed for other recipients. */
        NOT_A_RECIPIENT,
        /** Bytes were altered, or chunks were moved. */
        ALTERED,
        /** The end is missing. */
        TRUNCATED
    }

    private final Reason reason;

    EnvelopeException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    EnvelopeException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
