package io.bitdelta.engine.model;

import io.bitdelta.engine.EngineInputException;

/** More tokens than the model has positions for. */
public final class ContextExceededException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names both numbers. */
    public ContextExceededException(long tokens, int context) {
        super("%d tokens do not fit the context of %d; shorten the text".formatted(tokens, context));
    }
}
