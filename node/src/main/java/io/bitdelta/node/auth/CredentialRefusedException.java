package io.bitdelta.node.auth;

/** A credential proves nothing; the message says why without repeating it. */
public final class CredentialRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message for the caller: what is wrong with the credential and how to get a good one */
    public CredentialRefusedException(String message) {
        super(message, null, false, false);
    }
}
