package io.bitdelta.engine.model;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A tokenizer that cannot be read, or text that it cannot encode. */
public final class TokenizerException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the file and what is wrong. */
    public TokenizerException(Path file, String what) {
        super(file + ": " + what);
    }

    /** As above, with the failure that revealed it. */
    public TokenizerException(Path file, String what, Throwable cause) {
        super(file + ": " + what, cause);
    }
}
