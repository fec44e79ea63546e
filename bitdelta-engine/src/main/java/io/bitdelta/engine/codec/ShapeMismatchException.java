package io.bitdelta.engine.codec;

import io.bitdelta.engine.EngineInputException;
import io.bitdelta.engine.tensor.Tensor;

/** A tensor has one shape in the base and another in the fine-tune. */
public final class ShapeMismatchException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names both tensors and both shapes. */
    public ShapeMismatchException(Tensor base, Tensor finetuned) {
        super("tensor %s has shape %s in %s but %s in %s; a fine-tune of another architecture cannot become a delta"
                .formatted(base.name(), base.shape(), base.file(), finetuned.shape(), finetuned.file()));
    }
}
