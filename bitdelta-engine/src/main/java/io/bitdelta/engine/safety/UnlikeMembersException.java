package io.bitdelta.engine.safety;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** Deltas whose signs cannot be compared one by one. */
public final class UnlikeMembersException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names two that differ. */
    public UnlikeMembersException(Path first, Path other) {
        super("%s and %s are over different bases or have different sign tensors; compare deltas of one layout"
                .formatted(first, other));
    }
}
