package io.bitdelta.engine.codec;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** Two deltas cannot be combined. */
public final class IncompatibleDeltaException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the deltas and the reason. */
    public IncompatibleDeltaException(Path first, Path second, String why) {
        super(second + " cannot be merged with " + first + ": " + why);
    }
}
