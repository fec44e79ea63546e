package io.bitdelta.engine.model;

import io.bitdelta.engine.EngineInputException;
import io.bitdelta.engine.tensor.Tensor;

/** A tensor whose shape or element type is not what the configuration asks for. */
public final class TensorShapeException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the tensor, its shape and the expected one. */
    public TensorShapeException(Tensor tensor, String expected) {
        super("%s: tensor %s is %s %s, config.json asks for %s"
                .formatted(tensor.file(), tensor.name(), tensor.dtype(), tensor.shape(), expected));
    }
}
