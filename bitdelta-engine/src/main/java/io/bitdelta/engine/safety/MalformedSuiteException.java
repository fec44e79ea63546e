package io.bitdelta.engine.safety;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A file that is not a suite. */
public final class MalformedSuiteException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the file, the line and what is wrong. */
    public MalformedSuiteException(Path file, long line, String what) {
        super("%s, line %d: %s".formatted(file, line, what));
    }

    /** As above, with the failure that revealed it. */
    public MalformedSuiteException(Path file, long line, String what, Throwable cause) {
        super("%s, line %d: %s".formatted(file, line, what), cause);
    }
}
