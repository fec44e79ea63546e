package io.bitdelta.engine.train;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A checkpoint of another run lies where this one would continue. */
public final class OtherRunException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the checkpoint. */
    OtherRunException(Path state) {
        super(state + " belongs to a run with another base, text or options; finish that one, or delete the file");
    }
}
