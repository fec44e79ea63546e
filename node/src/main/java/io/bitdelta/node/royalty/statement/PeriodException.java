package io.bitdelta.node.royalty.statement;

/** A period that holds no moment. */
public final class PeriodException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message both ends */
    public PeriodException(String message) {
        super(message);
    }
}
