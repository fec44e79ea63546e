package io.bitdelta.node.store;

/** The database cannot be opened: it is not reachable, damaged, or belongs to a newer version. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseException(String message, Throwable cause) {
        super(message, cause);
    }

    DatabaseException(String message) {
        super(message);
    }
}
