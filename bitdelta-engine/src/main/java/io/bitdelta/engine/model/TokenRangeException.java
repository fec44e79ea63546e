package io.bitdelta.engine.model;

import io.bitdelta.engine.EngineInputException;

/** A token that the model does not have. */
public final class TokenRangeException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the token, its place and the size of the vocabulary. */
    public TokenRangeException(int token, int position, int vocabulary) {
        super("token %d at position %d is not one of 0 to %d".formatted(token, position, vocabulary - 1));
    }
}
