package io.bitdelta.engine.tensor;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A file that is not a well-formed safetensors file; the message names the file and the place. */
public final class MalformedSafetensorsException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** What is wrong, and where. */
    public MalformedSafetensorsException(Path file, String what) {
        super(file + ": not a valid safetensors file: " + what);
    }

    /** As above, with the failure that revealed it. */
    public MalformedSafetensorsException(Path file, String what, Throwable cause) {
        super(file + ": not a valid safetensors file: " + what, cause);
    }
}
