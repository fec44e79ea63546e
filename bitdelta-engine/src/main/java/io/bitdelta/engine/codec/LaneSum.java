package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.WeightKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The sum of one scale: lanes of binary32 within a block, folded in lane order into a binary64 accumulator. */
final class LaneSum {
    private final MemorySegment lanes;
    private double sum;
    private long index;

    LaneSum(Arena arena) {
        this.lanes = arena.allocate(WeightKernels.LANES * Float.BYTES, 64);
    }

    /** The segment that kernels add to. */
    MemorySegment lanes() {
        return lanes;
    }

    /** The lane of the next element. */
    int phase() {
        return (int) (index & (WeightKernels.LANES - 1));
    }

    /** How many more elements fit the current block. */
    int room() {
        return WeightKernels.BLOCK - (int) (index & (WeightKernels.BLOCK - 1));
    }

    /** Counts elements that were added to the lanes, at most {@link #room()}. */
    void advance(int count) {
        index += count;
        if ((index & (WeightKernels.BLOCK - 1)) == 0) {
            fold();
        }
    }

    /** Folds lanes that a kernel added to in some order of its own; for sums that no stored byte depends on. */
    void fold(int count) {
        index += count;
        fold();
    }

    /** How many elements were added since the last {@link #finish}. */
    long count() {
        return index;
    }

    /** The sum; the next element starts a new one. */
    double finish() {
        if ((index & (WeightKernels.BLOCK - 1)) != 0) {
            fold();
        }
        double result = sum;
        sum = 0;
        index = 0;
        return result;
    }

    private void fold() {
        for (int lane = 0; lane < WeightKernels.LANES; lane++) {
            sum += lanes.getAtIndex(ValueLayout.JAVA_FLOAT, lane);
        }
        lanes.fill((byte) 0);
    }
}
