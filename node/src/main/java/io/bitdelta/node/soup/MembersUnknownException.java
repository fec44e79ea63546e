package io.bitdelta.node.soup;

/** Who is in a soup cannot be told here: its lists are withheld, unreadable, or not the ones on chain. */
public final class MembersUnknownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MembersUnknownException(String message) {
        super(message);
    }

    MembersUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
