package io.bitdelta.engine.train;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A text that nothing can be learnt from: empty, too short, or not in the form it is said to be. */
public final class TrainingDataException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the file, what is wrong and what to do. */
    public TrainingDataException(Path file, String what) {
        super(file + ": " + what);
    }
}
