package io.bitdelta.engine.codec;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A LoRA adapter that cannot become a delta. */
public final class MalformedAdapterException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** What is wrong, and where. */
    public MalformedAdapterException(Path file, String what) {
        super(file + ": not a usable LoRA adapter: " + what);
    }

    /** As above, with the failure that revealed it. */
    public MalformedAdapterException(Path file, String what, Throwable cause) {
        super(file + ": not a usable LoRA adapter: " + what, cause);
    }
}
