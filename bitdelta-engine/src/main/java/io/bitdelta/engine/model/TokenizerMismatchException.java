package io.bitdelta.engine.model;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A tokenizer that belongs to another model. */
public final class TokenizerMismatchException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the tokenizer and how it differs. */
    public TokenizerMismatchException(Path tokenizer, String what) {
        super(tokenizer + ": " + what + "; use the tokenizer.json that came with the model");
    }
}
