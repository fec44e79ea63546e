package io.bitdelta.node.auth;

/** A grant that does not hold: wrongly signed, expired, or taken before. The message says which. */
public final class GrantRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GrantRefusedException(String message) {
        super(message, null, false, false);
    }
}
