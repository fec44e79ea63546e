package io.bitdelta.node.royalty;

/** An amount that no token can have, or that its type cannot hold. */
public final class AmountException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message the amount and its bounds */
    public AmountException(String message) {
        super(message);
    }
}
