package io.bitdelta.engine.model;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;
import java.util.List;

/** A checkpoint with tensors that its configuration does not speak of: a forward pass would be wrong without them. */
public final class UnexpectedTensorException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the checkpoint and the first of the extra tensors. */
    public UnexpectedTensorException(Path checkpoint, List<String> extra) {
        super("%s: %d tensors have no place in the model that config.json describes, the first is %s"
                .formatted(checkpoint, extra.size(), extra.getFirst()));
    }
}
