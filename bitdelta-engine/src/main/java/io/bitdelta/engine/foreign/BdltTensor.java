package io.bitdelta.engine.foreign;

import io.bitdelta.engine.tensor.Shape;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One tensor of the "BDLT" form, little-endian: u32 magic, u32 element count, f32 scale, rank, u32 dimensions, then sign
 * bits, least significant first, over the flattened tensor. Two layouts are about: programs write the rank as one byte,
 * with the dimensions at byte 13; the format's own description gives the rank bytes 12 to 14, with the dimensions at byte
 * 15. Rank and element count fix the length of either, two bytes apart, so the file's length tells which it is.
 *
 * @param shape dimensions
 * @param scale the one scale
 * @param bits the sign bits
 */
record BdltTensor(Shape shape, float scale, ByteBuffer bits) {
    private static final int MAGIC = 0x42444C54;
    /** What the described layout has between the rank's low byte and the dimensions. */
    private static final int WIDE_RANK = 2;

    static BdltTensor read(Path file) throws IOException {
        if (Files.size(file) > Integer.MAX_VALUE - 16) {
            throw new MalformedForeignDeltaException(file, "a BDLT blob of more than 2 GiB");
        }
        return parse(file, Files.readAllBytes(file));
    }

    static BdltTensor parse(Path file, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            if (in.getInt() != MAGIC) {
                throw new MalformedForeignDeltaException(file, "it does not begin with the BDLT magic number");
            }
            long count = Integer.toUnsignedLong(in.getInt());
            float scale = in.getFloat();
            int rank = in.get() & 0xFF;
            if (rank > Shape.MAX_RANK) {
                throw new MalformedForeignDeltaException(file, "rank " + rank + " is over " + Shape.MAX_RANK);
            }
            long narrow = 4L * rank + (count + 7) / 8;
            if (in.remaining() == narrow + WIDE_RANK && in.getShort() != 0) {
                throw new MalformedForeignDeltaException(file, "bytes 13 and 14, of a rank of 3 bytes, are not 0");
            }
            List<Long> dims = new ArrayList<>(rank);
            for (int i = 0; i < rank; i++) {
                dims.add(Integer.toUnsignedLong(in.getInt()));
            }
            Shape shape = new Shape(dims);
            if (shape.count() != count || in.remaining() != (count + 7) / 8) {
                throw new MalformedForeignDeltaException(
                        file,
                        "%d elements, shape %s and %d bytes of signs do not agree"
                                .formatted(count, shape, in.remaining()));
            }
            return new BdltTensor(shape, scale, in.slice());
        } catch (BufferUnderflowException e) {
            throw new MalformedForeignDeltaException(file, "it ends inside its header", e);
        } catch (IllegalArgumentException e) {
            throw new MalformedForeignDeltaException(file, String.valueOf(e.getMessage()), e);
        }
    }

    boolean bit(long index) {
        return ((bits.get((int) (index >> 3)) >> (index & 7)) & 1) == 1;
    }
}
