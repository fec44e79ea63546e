package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.ElementCodec;
import io.bitdelta.engine.tensor.Tensor;

/** Finds the NaN or the infinity in a tensor. Used when a sum has already shown that there is one, and before copying. */
final class FiniteWeights {
    private FiniteWeights() {}

    /**
     * Looks at every element of a floating-point tensor; integers are always finite.
     *
     * @throws NonFiniteWeightException naming the first that is not finite
     */
    static void check(Tensor tensor) {
        if (!tensor.dtype().floating()) {
            return;
        }
        int width = tensor.dtype().width();
        long count = tensor.shape().count();
        for (long i = 0; i < count; i++) {
            double value = ElementCodec.read(tensor.dtype(), tensor.data(), i * width);
            if (!Double.isFinite(value)) {
                throw new NonFiniteWeightException(tensor, i, value);
            }
        }
    }
}
