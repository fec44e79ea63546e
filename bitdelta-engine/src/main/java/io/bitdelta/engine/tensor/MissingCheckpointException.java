package io.bitdelta.engine.tensor;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** There is no checkpoint at the given path. */
public final class MissingCheckpointException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the path and what was looked for. */
    public MissingCheckpointException(Path path, String what) {
        super(path + ": " + what);
    }
}
