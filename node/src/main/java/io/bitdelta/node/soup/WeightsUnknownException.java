package io.bitdelta.node.soup;

/** A soup's weights cannot be told: it is unknown, or what its proposer must publish is missing or wrong. */
public final class WeightsUnknownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message the soup, what is wrong, and what to do */
    public WeightsUnknownException(String message) {
        super(message);
    }

    /** @param cause why it could not be read */
    public WeightsUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
