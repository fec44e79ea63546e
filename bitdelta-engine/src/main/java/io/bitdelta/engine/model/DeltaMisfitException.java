package io.bitdelta.engine.model;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A delta that speaks of tensors which the model does not have, or has in another shape. */
public final class DeltaMisfitException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the delta and what does not fit. */
    public DeltaMisfitException(Path delta, String what) {
        super(delta + ": " + what);
    }
}
