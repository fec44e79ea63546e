package io.bitdelta.node.chain;

/** The chain's node could not be reached, or answered something unusable. Retrying later may help. */
public class ChainException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure of the JSON-RPC connection to {@code url}. */
    public ChainException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A failure of the chain's node. */
    public ChainException(String message) {
        super(message);
    }
}
