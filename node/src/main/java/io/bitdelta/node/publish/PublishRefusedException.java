package io.bitdelta.node.publish;

/** A publication that the node itself refuses; the message says why and what to do. */
public final class PublishRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PublishRefusedException(String message) {
        super(message);
    }
}
