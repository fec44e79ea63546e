package io.bitdelta.engine.foreign;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A foreign delta file that is not what it should be, or does not fit the base. */
public final class MalformedForeignDeltaException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** What is wrong, and where. */
    public MalformedForeignDeltaException(Path file, String what) {
        super(file + ": cannot import: " + what);
    }

    /** As above, with the failure that revealed it. */
    public MalformedForeignDeltaException(Path file, String what, Throwable cause) {
        super(file + ": cannot import: " + what, cause);
    }
}
