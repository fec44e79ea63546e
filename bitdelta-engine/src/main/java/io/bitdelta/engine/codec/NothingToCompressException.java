package io.bitdelta.engine.codec;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** Base and fine-tune hold the same tensors, or share no tensor name. */
public final class NothingToCompressException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names both and the reason. */
    public NothingToCompressException(Path base, Path finetuned, String why) {
        super(base + " and " + finetuned + ": " + why);
    }
}
