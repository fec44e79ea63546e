package io.bitdelta.node.client;

/** A node refused a request; the message is its own sentence (the detail of its problem document, RFC 9457). */
public final class NodeRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    NodeRefusedException(int status, String detail) {
        super(detail);
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
