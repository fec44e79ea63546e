package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.kernel.WeightKernels;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** How much of the delta is lost: the norm of (delta - reconstructed delta) over the norm of the delta. */
final class ReconstructionError {
    private static final long ELEMENTS_PER_TASK = 1L << 20;

    private ReconstructionError() {}

    /** Over all sign tensors of a delta; 0 when nothing changed. The same on any number of workers. */
    static double relative(DeltaFile delta, TensorPairing pairing, Workers workers) {
        double lost = 0;
        double total = 0;
        for (LayoutEntry.Sign sign : delta.header().signs()) {
            Squares squares = squares(delta, sign, pairing.base(sign.name()), pairing.finetuned(sign.name()), workers);
            lost += squares.lost();
            total += squares.total();
        }
        return total == 0 ? 0 : Math.sqrt(lost / total);
    }

    /**
     * Sums of squares over a tensor.
     *
     * @param lost of delta less reconstructed delta
     * @param total of the delta
     */
    record Squares(double lost, double total) {}

    private static Squares squares(
            DeltaFile delta, LayoutEntry.Sign sign, Tensor base, Tensor finetuned, Workers workers) {
        long rows = sign.shape().rows();
        long columns = sign.shape().columns();
        long rowsPerTask = Math.max(1, ELEMENTS_PER_TASK / Math.max(1, columns));
        int tasks = Math.toIntExact((rows + rowsPerTask - 1) / rowsPerTask);
        Squares[] parts = new Squares[tasks];
        workers.forEach(tasks, task -> {
            long first = task * rowsPerTask;
            parts[task] = rows(delta, sign, base, finetuned, first, Math.min(rows, first + rowsPerTask));
        });
        double lost = 0;
        double total = 0;
        for (Squares part : parts) {
            lost += part.lost();
            total += part.total();
        }
        return new Squares(lost, total);
    }

    private static Squares rows(
            DeltaFile delta, LayoutEntry.Sign sign, Tensor base, Tensor finetuned, long first, long end) {
        WeightKernels kernels = KernelProvider.kernels();
        try (Arena arena = Arena.ofConfined()) {
            PlaneReader planes = new PlaneReader(delta, sign, kernels, -1, arena);
            MemorySegment tile = arena.allocate((long) PlaneTile.SIZE * Float.BYTES, 64);
            LaneSum lost = new LaneSum(arena);
            LaneSum total = new LaneSum(arena);
            double lostSum = 0;
            double totalSum = 0;
            long columns = sign.shape().columns();
            for (long row = first; row < end; row++) {
                for (long column = 0; column < columns; column += PlaneTile.SIZE) {
                    int count = (int) Math.min(PlaneTile.SIZE, columns - column);
                    long flat = row * columns + column;
                    kernels.delta(
                            base.dtype(),
                            base.data(),
                            flat * base.dtype().width(),
                            finetuned.dtype(),
                            finetuned.data(),
                            flat * finetuned.dtype().width(),
                            count,
                            tile);
                    kernels.addSquares(tile, 0, count, 0, 0, total.lanes());
                    total.advance(count);
                    planes.apply(tile, row, column, count);
                    kernels.addSquares(tile, 0, count, 0, 0, lost.lanes());
                    lost.advance(count);
                    totalSum += total.finish();
                    lostSum += lost.finish();
                }
            }
            return new Squares(lostSum, totalSum);
        }
    }
}
