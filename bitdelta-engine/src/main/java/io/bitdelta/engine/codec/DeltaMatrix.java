package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.kernel.WeightKernels;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A tensor's delta as a matrix that is never held: its rows are computed from the checkpoints when a product needs them.
 * Sums are binary64 in an order that the shape alone fixes, so that products are the same bytes on any number of threads.
 */
final class DeltaMatrix {
    /** Partial sums of a transposed product; a constant, so that the order of sums is not that of the threads. */
    private static final int BLOCKS = 16;

    private static final int ROWS_PER_TASK = 64;

    private final Tensor base;
    private final Tensor finetuned;
    private final WeightKernels kernels = KernelProvider.kernels();

    DeltaMatrix(Tensor base, Tensor finetuned) {
        this.base = base;
        this.finetuned = finetuned;
    }

    int rows() {
        return Math.toIntExact(base.shape().rows());
    }

    int columns() {
        return Math.toIntExact(base.shape().columns());
    }

    /** {@code D x}: [rows, width] of {@code x}: [columns, width], both row-major. */
    double[] times(double[] x, int width, Workers workers) {
        double[] product = new double[Math.multiplyExact(rows(), width)];
        workers.forEachLong((rows() + ROWS_PER_TASK - 1) / ROWS_PER_TASK, task -> {
            int first = (int) task * ROWS_PER_TASK;
            forEachRow(first, Math.min(rows(), first + ROWS_PER_TASK), (row, values) -> {
                double[] sums = new double[width];
                for (int column = 0; column < values.length; column++) {
                    addScaled(sums, 0, values[column], x, column * width, width);
                }
                System.arraycopy(sums, 0, product, row * width, width);
            });
        });
        return product;
    }

    /** {@code D' y}: [columns, width] of {@code y}: [rows, width], both row-major. */
    double[] transposedTimes(double[] y, int width, Workers workers) {
        int perBlock = (rows() + BLOCKS - 1) / BLOCKS;
        double[][] partial = new double[BLOCKS][];
        workers.forEach(BLOCKS, block -> {
            double[] sums = new double[Math.multiplyExact(columns(), width)];
            int first = Math.min(rows(), block * perBlock);
            forEachRow(first, Math.min(rows(), first + perBlock), (row, values) -> {
                for (int column = 0; column < values.length; column++) {
                    addScaled(sums, column * width, values[column], y, row * width, width);
                }
            });
            partial[block] = sums;
        });
        double[] product = partial[0];
        for (int block = 1; block < BLOCKS; block++) {
            for (int i = 0; i < product.length; i++) {
                product[i] += partial[block][i];
            }
        }
        return product;
    }

    /** {@code into[at ..] += factor * from[fromAt ..]}; elements are independent, so the compiler may use vectors. */
    private static void addScaled(double[] into, int at, double factor, double[] from, int fromAt, int width) {
        for (int k = 0; k < width; k++) {
            into[at + k] += factor * from[fromAt + k];
        }
    }

    @FunctionalInterface
    private interface RowVisitor {
        void row(int row, float[] values);
    }

    private void forEachRow(int first, int end, RowVisitor visitor) {
        float[] values = new float[columns()];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment tile = arena.allocate((long) PlaneTile.SIZE * Float.BYTES, 64);
            for (int row = first; row < end; row++) {
                Arrays.fill(values, 0);
                for (int column = 0; column < values.length; column += PlaneTile.SIZE) {
                    int count = Math.min(PlaneTile.SIZE, values.length - column);
                    long flat = (long) row * values.length + column;
                    kernels.delta(
                            base.dtype(),
                            base.data(),
                            flat * base.dtype().width(),
                            finetuned.dtype(),
                            finetuned.data(),
                            flat * finetuned.dtype().width(),
                            count,
                            tile);
                    MemorySegment.copy(tile, ValueLayout.JAVA_FLOAT, 0, values, column, count);
                }
                visitor.row(row, values);
            }
        }
    }
}
