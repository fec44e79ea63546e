package io.bitdelta.engine.codec;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A file that is not a valid delta file; the message names the file, the entry and the violated rule. */
public final class MalformedDeltaException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** What is wrong, and where. */
    public MalformedDeltaException(Path file, String what) {
        super(file + ": not a valid delta file: " + what);
    }

    /** As above, with the failure that revealed it. */
    public MalformedDeltaException(Path file, String what, Throwable cause) {
        super(file + ": not a valid delta file: " + what, cause);
    }
}
