package io.bitdelta.engine.codec;

import io.bitdelta.engine.EngineInputException;

/** Not even one tensor fits the budget. */
public final class BudgetTooSmallException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the budget and the size of an empty delta. */
    public BudgetTooSmallException(long budget, long empty) {
        super("no tensor fits a budget of %d bytes; a delta without any takes %d".formatted(budget, empty));
    }
}
