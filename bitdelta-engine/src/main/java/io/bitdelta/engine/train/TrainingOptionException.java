package io.bitdelta.engine.train;

import io.bitdelta.engine.EngineInputException;

/** An option of training that is out of range or contradicts another. */
public final class TrainingOptionException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the option, its value and what it may be. */
    public TrainingOptionException(String message) {
        super(message);
    }
}
