package io.bitdelta.engine.codec;

import io.bitdelta.engine.EngineInputException;
import io.bitdelta.engine.tensor.Tensor;

/** A weight is NaN or infinite. */
public final class NonFiniteWeightException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the file, the tensor and the element. */
    public NonFiniteWeightException(Tensor tensor, long element, double value) {
        super(tensor.at(element) + " is " + value + "; repair or retrain the checkpoint");
    }

    /** Names an element of a core in the making. */
    NonFiniteWeightException(String tensor, int element, float value) {
        super("core of %s, element %d is %s; train it again with a lower learning rate"
                .formatted(tensor, element, value));
    }
}
