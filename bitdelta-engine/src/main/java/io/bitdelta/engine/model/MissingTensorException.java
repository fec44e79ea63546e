package io.bitdelta.engine.model;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;
import java.util.List;

/** A checkpoint that lacks tensors which its configuration asks for. */
public final class MissingTensorException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the checkpoint and the first of the missing tensors. */
    public MissingTensorException(Path checkpoint, List<String> missing) {
        super("%s: %d tensors that config.json asks for are missing, the first is %s"
                .formatted(checkpoint, missing.size(), missing.getFirst()));
    }
}
