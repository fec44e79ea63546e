package io.bitdelta.engine.tensor;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A checkpoint that somebody was changing in place when the process ended: a mixture of old and new weights. */
public final class UnfinishedChangeException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** What stands in the way, and the way out. */
    public UnfinishedChangeException(Path checkpoint, Path journal, String what) {
        super("%s: %s (%s); finish it with the same delta: delta apply --in-place"
                .formatted(checkpoint, what, journal));
    }
}
