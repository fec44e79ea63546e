package io.bitdelta.engine.model.twin;

import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Named binary32 numbers in native memory, row-major, that Java and PyTorch both see.
 *
 * @param name what they are
 * @param shape dimensions
 * @param data native, 64-byte aligned
 */
public record FloatBlock(String name, Shape shape, MemorySegment data) {
    private static final int TILE = 1 << 12;

    /** Checks that the numbers are as many as the shape says and that one buffer holds them. */
    public FloatBlock {
        if (data.byteSize() != shape.count() * Float.BYTES || data.byteSize() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("%s: %d bytes for %s; at most 2 GiB are trained as one tensor"
                    .formatted(name, data.byteSize(), shape));
        }
    }

    /** A block of zeros. */
    public static FloatBlock zeros(String name, Shape shape, Arena arena) {
        return new FloatBlock(name, shape, arena.allocate(shape.count() * Float.BYTES, 64));
    }

    /** A block of given numbers. */
    public static FloatBlock of(String name, Shape shape, float[] values, Arena arena) {
        FloatBlock block = zeros(name, shape, arena);
        MemorySegment.copy(values, 0, block.data, ValueLayout.JAVA_FLOAT, 0, values.length);
        return block;
    }

    /** A stored tensor, widened. */
    public static FloatBlock widened(Tensor tensor, Arena arena) {
        FloatBlock block = zeros(tensor.name(), tensor.shape(), arena);
        long count = tensor.shape().count();
        for (long at = 0; at < count; at += TILE) {
            int some = (int) Math.min(TILE, count - at);
            KernelProvider.kernels()
                    .widen(
                            tensor.dtype(),
                            tensor.data(),
                            at * tensor.dtype().width(),
                            some,
                            block.data.asSlice(at * Float.BYTES, (long) some * Float.BYTES));
        }
        return block;
    }

    /** How many numbers there are. */
    public int count() {
        return Math.toIntExact(shape.count());
    }

    /** One number. */
    public float get(int index) {
        return data.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    /** Changes one number. */
    public void set(int index, float value) {
        data.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
    }

    /** A copy of all numbers. */
    public float[] toArray() {
        return data.toArray(ValueLayout.JAVA_FLOAT);
    }

    /** Replaces all numbers. */
    public void assign(float[] values) {
        if (values.length != count()) {
            throw new IllegalArgumentException(name + ": " + values.length + " numbers for " + shape);
        }
        MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
    }
}
