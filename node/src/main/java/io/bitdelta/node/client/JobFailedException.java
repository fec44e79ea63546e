package io.bitdelta.node.client;

/** A job ended without success; the message is the node's own sentence. */
public final class JobFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JobFailedException(String message) {
        super(message);
    }
}
