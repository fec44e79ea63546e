package io.bitdelta.node.client;

/** No node answers at an address, or something that is none. */
public final class NodeSilentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NodeSilentException(String message) {
        super(message);
    }

    NodeSilentException(String message, Throwable cause) {
        super(message, cause);
    }
}
