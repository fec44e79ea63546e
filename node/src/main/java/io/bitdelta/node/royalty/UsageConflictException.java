package io.bitdelta.node.royalty;

/** A request id that stands for another use already. */
public final class UsageConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message the request and what was metered for it before */
    public UsageConflictException(String message) {
        super(message);
    }
}
