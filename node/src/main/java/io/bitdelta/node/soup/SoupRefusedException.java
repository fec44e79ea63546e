package io.bitdelta.node.soup;

/** A soup that cannot be made as it was asked for; the message says which member or which rule is in the way. */
public final class SoupRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SoupRefusedException(String message) {
        super(message);
    }
}
