package io.bitdelta.attestation.pki;

/** A certificate, list or key that cannot be read or uses an algorithm that is not accepted. */
public final class PkiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message says what. */
    public PkiException(String message) {
        super(message);
    }

    /** As above, with the parser's complaint. */
    public PkiException(String message, Throwable cause) {
        super(message, cause);
    }
}
