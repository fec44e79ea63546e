package io.bitdelta.attestation.sign;

/** A keystore file that cannot be used; {@link #reason} says which property does not hold. */
public final class KeystoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
        /** The password does not open the file. */
        WRONG_PASSWORD,
        /** The file is no web3 keystore of version 3, or its parameters are refused. */
        MALFORMED,
        /** The folder has no key of this address. */
        NOT_FOUND,
        /** The folder has a key of this address already. */
        ALREADY_EXISTS
    }

    private final Reason reason;

    /** The message names the file. */
    public KeystoreException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** As above, with the cause. */
    public KeystoreException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
