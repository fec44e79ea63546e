package io.bitdelta.engine.model;

import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Mapped weights as a matrix.
 *
 * @param type BF16, F16 or F32
 * @param data [rows, columns], row-major
 */
record WeightMatrix(Dtype type, MemorySegment data, int rows, int columns) {
    static WeightMatrix of(Tensor tensor) {
        return new WeightMatrix(
                tensor.dtype(),
                tensor.data(),
                Math.toIntExact(tensor.shape().rows()),
                Math.toIntExact(tensor.shape().columns()));
    }

    long rowBytes() {
        return (long) columns * type.width();
    }
}
