package io.bitdelta.node.api;

/** The HTTP server could not start. */
public final class ServerFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServerFailedException(String message) {
        super(message);
    }

    ServerFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
