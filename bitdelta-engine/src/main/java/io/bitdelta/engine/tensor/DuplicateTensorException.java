package io.bitdelta.engine.tensor;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** Two tensors of one checkpoint have the same name. */
public final class DuplicateTensorException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the tensor and the files. */
    public DuplicateTensorException(String tensor, Path first, Path second) {
        super("tensor " + tensor + " is stored twice: in " + first + " and in " + second);
    }
}
