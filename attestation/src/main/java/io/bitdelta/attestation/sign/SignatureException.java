package io.bitdelta.attestation.sign;

/** A signature or key that is not well formed: wrong length, malleable, off the curve. */
public final class SignatureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message names the property that does not hold. */
    public SignatureException(String message) {
        super(message);
    }

    /** As above, with the library's complaint. */
    public SignatureException(String message, Throwable cause) {
        super(message, cause);
    }
}
