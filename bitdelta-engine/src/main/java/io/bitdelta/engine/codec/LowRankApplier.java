package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.WeightKernels;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Adds {@code b . a} to a tensor. An element's product is summed over the rank in ascending order in binary32 and then
 * added to the base's weight, so that the result does not depend on who computes it.
 */
final class LowRankApplier {
    private LowRankApplier() {}

    static void apply(
            DeltaFile delta,
            LayoutEntry.LowRank lowRank,
            Tensor tensor,
            WeightKernels kernels,
            ByteTarget file,
            long at,
            Workers workers) {
        float[] a = dense(delta, lowRank.a(), kernels);
        float[] b = dense(delta, lowRank.b(), kernels);
        apply(new CoreFactors(Math.toIntExact(lowRank.rank()), b, a), tensor, kernels, file, at, workers);
    }

    /** Adds a product of dense factors. */
    static void apply(
            CoreFactors factors, Tensor tensor, WeightKernels kernels, ByteTarget file, long at, Workers workers) {
        int rank = factors.rank();
        float[] a = factors.a();
        float[] b = factors.b();
        int columns = Math.toIntExact(tensor.shape().columns());
        workers.forEachLong(tensor.shape().rows(), row -> {
            float[] change = new float[columns];
            for (int k = 0; k < rank; k++) {
                float factor = b[Math.toIntExact(row * rank + k)];
                for (int column = 0; column < columns; column++) {
                    change[column] += factor * a[k * columns + column];
                }
            }
            row(tensor, row, change, kernels, file, at);
        });
    }

    private static void row(Tensor tensor, long row, float[] change, WeightKernels kernels, ByteTarget file, long at) {
        int width = tensor.dtype().width();
        int columns = change.length;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment tile = arena.allocate((long) columns * Float.BYTES, 64);
            MemorySegment out = arena.allocate((long) columns * width, 64);
            kernels.widen(tensor.dtype(), tensor.data(), row * columns * width, columns, tile);
            for (int column = 0; column < columns; column++) {
                float weight = tile.getAtIndex(ValueLayout.JAVA_FLOAT, column);
                tile.setAtIndex(ValueLayout.JAVA_FLOAT, column, weight + change[column]);
            }
            kernels.narrow(tensor.dtype(), tile, columns, out, 0);
            file.write(out, at + row * columns * width);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A factor as numbers: planes over a base of zeros. */
    static float[] dense(DeltaFile delta, LayoutEntry.Sign factor, WeightKernels kernels) {
        int rows = Math.toIntExact(factor.shape().rows());
        int columns = Math.toIntExact(factor.shape().columns());
        float[] values = new float[Math.multiplyExact(rows, columns)];
        try (Arena arena = Arena.ofConfined()) {
            PlaneReader planes = new PlaneReader(delta, factor, kernels, 1, arena);
            MemorySegment tile = arena.allocate((long) PlaneTile.SIZE * Float.BYTES, 64);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column += PlaneTile.SIZE) {
                    int count = Math.min(PlaneTile.SIZE, columns - column);
                    tile.fill((byte) 0);
                    planes.apply(tile, row, column, count);
                    MemorySegment.copy(tile, ValueLayout.JAVA_FLOAT, 0, values, row * columns + column, count);
                }
            }
        }
        if (factor.dtype() != Dtype.F32) {
            throw new IllegalArgumentException(factor.name() + ": factors are binary32, not " + factor.dtype());
        }
        return values;
    }
}
