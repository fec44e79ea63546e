package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.WeightKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Adds the signed scales of a stored tensor to tiles of its rows, plane after plane, in binary32. */
final class PlaneReader {
    private final LayoutEntry.Sign sign;
    private final WeightKernels kernels;
    private final MemorySegment[] planes;
    private final MemorySegment[] scales;

    /**
     * Prepares a tensor.
     *
     * @param factor 1 to add, -1 to subtract
     */
    PlaneReader(DeltaFile delta, LayoutEntry.Sign sign, WeightKernels kernels, float factor, Arena arena) {
        this.sign = sign;
        this.kernels = kernels;
        this.planes = new MemorySegment[sign.bits()];
        this.scales = new MemorySegment[sign.bits()];
        for (int plane = 0; plane < planes.length; plane++) {
            planes[plane] = delta.signs(sign, plane);
            float[] values = delta.scales(sign, plane);
            scales[plane] = arena.allocate((long) values.length * Float.BYTES, 64);
            for (int i = 0; i < values.length; i++) {
                scales[plane].setAtIndex(ValueLayout.JAVA_FLOAT, i, values[i] * factor);
            }
        }
    }

    /** Whether there is one plane and one scale per row or tensor. */
    boolean single() {
        Granularity.Kind kind = sign.granularity().kind();
        return planes.length == 1 && (kind == Granularity.Kind.ROW || kind == Granularity.Kind.TENSOR);
    }

    /** The packed signs of a single plane. */
    MemorySegment signs() {
        return planes[0];
    }

    /** The scale of a row of a single plane. */
    float rowScale(long row) {
        return scale(0, sign.granularity().kind() == Granularity.Kind.ROW ? row : 0);
    }

    /** Applies all planes to {@code count} elements of a row from {@code column}, held in {@code tile}. */
    void apply(MemorySegment tile, long row, long column, int count) {
        for (int plane = 0; plane < planes.length; plane++) {
            apply(plane, tile, row, column, count);
        }
    }

    private void apply(int plane, MemorySegment tile, long row, long column, int count) {
        long bit = row * sign.rowBytes() * 8 + column;
        switch (sign.granularity().kind()) {
            case TENSOR -> kernels.applySigns(tile, 0, count, planes[plane], bit, scale(plane, 0));
            case ROW -> kernels.applySigns(tile, 0, count, planes[plane], bit, scale(plane, row));
            case COLUMN -> kernels.applySignsColumns(tile, count, planes[plane], bit, scales[plane], column);
            case GROUP -> groups(plane, tile, row, column, count, bit);
        }
    }

    private void groups(int plane, MemorySegment tile, long row, long column, int count, long bit) {
        long group = sign.granularity().groupSize();
        long first = row * sign.granularity().groupsPerRow(sign.shape().columns());
        for (int from = 0; from < count; ) {
            int piece = (int) Math.min(count - from, group - (column + from) % group);
            kernels.applySigns(
                    tile, from, piece, planes[plane], bit + from, scale(plane, first + (column + from) / group));
            from += piece;
        }
    }

    private float scale(int plane, long index) {
        return scales[plane].getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }
}
