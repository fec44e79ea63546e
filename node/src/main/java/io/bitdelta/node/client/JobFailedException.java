package io.bitdelta.node.client;

/** A job ended without success; the message is the node's own sentence. */
public final class JobFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String type;
    private final int status;

    JobFailedException(String message) {
        this("", 500, message);
    }

    JobFailedException(String type, int status, String message) {
        super(message);
        this.type = type;
        this.status = status;
    }

    /** The type of the job's problem, a URI; empty when it has none. */
    public String type() {
        return type;
    }

    /** The status of the job's problem. */
    public int status() {
        return status;
    }
}
