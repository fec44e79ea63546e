package io.bitdelta.node.royalty;

/** An amount, a request id or another field that no payment, use or voucher can have. */
public final class RoyaltyInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message the value and its bounds */
    public RoyaltyInputException(String message) {
        super(message);
    }
}
