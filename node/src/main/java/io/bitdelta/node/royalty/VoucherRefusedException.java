package io.bitdelta.node.royalty;

/** A voucher that would not bring the soup its money. */
public final class VoucherRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Which property fails. */
    public enum Reason {
        /** It says no more than a voucher that is stored, or than was drawn. */
        OLDER,
        /** The payer's escrow does not cover all its vouchers. */
        OVER_LIMIT,
        /** It can be settled no more, or not for long enough. */
        EXPIRED,
        /** It outlasts the delay of escrow withdrawals, so the money could be gone first. */
        EXPIRES_TOO_LATE,
        /** It is not the payer's signature. */
        BAD_SIGNATURE,
        /** The soup cannot be paid yet. */
        SOUP_NOT_FINAL,
        /** There is nothing to pay. */
        NOTHING_OWED
    }

    private final Reason reason;

    /** @param message both values, and what to do */
    public VoucherRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Which property fails. */
    public Reason reason() {
        return reason;
    }
}
