package io.bitdelta.engine.codec;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;
import java.util.List;

/** One checkpoint lacks tensors that the other has, and the options ask for the same set. */
public final class UnpairedTensorException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the checkpoints and the tensors. */
    public UnpairedTensorException(Path base, Path finetuned, List<String> missing, List<String> extra) {
        super(
                "%s lacks %s and %s lacks %s; without strict pairing missing tensors stay and extra ones are stored in full"
                        .formatted(finetuned, missing, base, extra));
    }
}
