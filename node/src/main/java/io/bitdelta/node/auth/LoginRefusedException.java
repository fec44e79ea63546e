package io.bitdelta.node.auth;

/** A login message or its signature does not prove what it should; the message says which property fails. */
public final class LoginRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LoginRefusedException(String message) {
        super(message, null, false, false);
    }
}
