package io.bitdelta.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * One tensor of an open checkpoint.
 *
 * @param name its name, as stored
 * @param dtype element type
 * @param shape dimensions
 * @param data its bytes, little-endian, read-only, valid while the checkpoint is open
 * @param file the file it lies in
 * @param offset where its bytes start in that file
 */
public record Tensor(String name, Dtype dtype, Shape shape, MemorySegment data, Path file, long offset) {
    /** Checks that the bytes are as many as dtype and shape say. */
    public Tensor {
        if (data.byteSize() != shape.count() * dtype.width()) {
            throw new IllegalArgumentException(
                    name + ": " + data.byteSize() + " bytes do not hold " + shape + " of " + dtype);
        }
    }

    /** Where element {@code index} of this tensor is, for messages. */
    public String at(long index) {
        return "%s, tensor %s, element %d (byte %d)".formatted(file, name, index, offset + index * dtype.width());
    }
}
