package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.kernel.WeightKernels;
import io.bitdelta.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One row of a rebuilt tensor in binary32. */
final class WeightsOfRow {
    private WeightsOfRow() {}

    static float[] of(DeltaFile delta, LayoutEntry.Sign sign, Tensor base, long row) {
        WeightKernels kernels = KernelProvider.kernels();
        int columns = Math.toIntExact(sign.shape().columns());
        float[] weights = new float[columns];
        try (Arena arena = Arena.ofConfined()) {
            PlaneReader planes = new PlaneReader(delta, sign, kernels, 1, arena);
            MemorySegment tile = arena.allocate((long) PlaneTile.SIZE * Float.BYTES, 64);
            int width = base.dtype().width();
            for (int column = 0; column < columns; column += PlaneTile.SIZE) {
                int count = Math.min(PlaneTile.SIZE, columns - column);
                kernels.widen(base.dtype(), base.data(), (row * columns + column) * width, count, tile);
                planes.apply(tile, row, column, count);
                MemorySegment.copy(tile, ValueLayout.JAVA_FLOAT, 0, weights, column, count);
            }
        }
        return weights;
    }
}
