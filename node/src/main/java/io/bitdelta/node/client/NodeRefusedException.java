package io.bitdelta.node.client;

/** A node refused a request; the message is its own sentence (the detail of its problem document, RFC 9457). */
public final class NodeRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String type;
    private final int status;

    NodeRefusedException(String type, int status, String detail) {
        super(detail);
        this.type = type;
        this.status = status;
    }

    /** The problem's type, a URI; empty when it has none. */
    public String type() {
        return type;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
