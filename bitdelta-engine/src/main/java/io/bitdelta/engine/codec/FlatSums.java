package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.WeightKernels;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.work.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Sums over a whole tensor. Tasks start on block boundaries and leave the lanes of every block behind; the fold over all
 * blocks is sequential, so that the number of tasks does not show in the result.
 */
final class FlatSums {
    private static final long BLOCKS_PER_TASK = 256;
    private static final long LANE_BYTES = (long) WeightKernels.LANES * Float.BYTES;

    private final SignJob job;
    private final long rows;
    private final long columns;
    private final long rowsPerTask;
    private final long columnsPerTask;

    FlatSums(SignJob job) {
        this.job = job;
        // Rows that fill their last byte, or a single one, are one long row: sign bytes run on without padding.
        boolean flat = job.columns() % 8 == 0 || job.rows() == 1;
        this.rows = flat ? 1 : job.rows();
        this.columns = flat ? job.rows() * job.columns() : job.columns();
        this.columnsPerTask = flat ? BLOCKS_PER_TASK * WeightKernels.BLOCK : columns;
        this.rowsPerTask = flat ? 1 : rowsThatFillBlocks(columns);
    }

    /** The fewest rows whose elements are a whole number of blocks, times what makes a task of a useful size. */
    private static long rowsThatFillBlocks(long columns) {
        long step = WeightKernels.BLOCK / Math.min(WeightKernels.BLOCK, Long.lowestOneBit(columns));
        long wanted = BLOCKS_PER_TASK * WeightKernels.BLOCK / columns;
        return Math.max(1, wanted / step) * step;
    }

    /** Sees each tile with the position of its first element; whatever it leaves in the tile is summed. */
    @FunctionalInterface
    interface Terms {
        /** Prepares the terms of {@code count} elements from {@code flat} in the tile. */
        void prepare(PlaneTile tile, long flat, int count, @Nullable EntryAppender signs);
    }

    /** Adds a run of terms to lanes. */
    @FunctionalInterface
    interface Adder {
        /** As {@link WeightKernels#addAbs}. */
        void add(MemorySegment tile, int from, int count, int phase, MemorySegment lanes);
    }

    /**
     * The binary64 sum of all terms.
     *
     * @param plane the plane whose signs {@code terms} packs, or -1
     */
    double sum(Workers workers, int plane, Terms terms, Adder adder) {
        long total = rows * columns;
        long perTask = rowsPerTask * columnsPerTask;
        long tasks = (total + perTask - 1) / perTask;
        long blocks = (total + WeightKernels.BLOCK - 1) / WeightKernels.BLOCK;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment lanes = arena.allocate(blocks * WeightKernels.LANES * Float.BYTES, 64);
            workers.forEachLong(
                    tasks,
                    task -> run(task * perTask, Math.min(total, (task + 1) * perTask), plane, terms, adder, lanes));
            return fold(lanes, blocks);
        }
    }

    /** Whether rows run on without padding, so that signs of any block can be stored at once. */
    boolean flat() {
        return rows == 1;
    }

    /** Plane 0 of a flat tensor: signs, the sum of the absolute deltas, and the sum of their squares. */
    double[] firstPlane(Workers workers) {
        long total = columns;
        int tasks = Math.toIntExact((total + columnsPerTask - 1) / columnsPerTask);
        long blocks = (total + WeightKernels.BLOCK - 1) / WeightKernels.BLOCK;
        double[] squares = new double[tasks];
        try (Arena arena = Arena.ofShared()) {
            MemorySegment lanes = arena.allocate(blocks * LANE_BYTES, 64);
            workers.forEach(tasks, task -> {
                long first = task * columnsPerTask;
                squares[task] = firstPlane(first, Math.min(total, first + columnsPerTask), lanes);
            });
            double allSquares = 0;
            for (double part : squares) {
                allSquares += part;
            }
            return new double[] {fold(lanes, blocks), allSquares};
        }
    }

    private double firstPlane(long first, long end, MemorySegment lanes) {
        Dtype type = job.base().dtype();
        try (Arena arena = Arena.ofConfined()) {
            LaneSum squares = new LaneSum(arena);
            EntryAppender signs = job.signAppender(0, first / 8, arena);
            for (long flat = first; flat < end; flat += WeightKernels.BLOCK) {
                int count = (int) Math.min(WeightKernels.BLOCK, end - flat);
                long at = flat * type.width();
                job.kernels()
                        .compress(
                                type,
                                job.base().data(),
                                at,
                                job.finetuned().data(),
                                at,
                                count,
                                signs.buffer(),
                                signs.reserve((count + 7) >> 3),
                                lanes.asSlice(flat / WeightKernels.BLOCK * LANE_BYTES, LANE_BYTES),
                                squares.lanes());
                squares.fold(count);
            }
            signs.flush();
            return squares.finish();
        }
    }

    private static double fold(MemorySegment lanes, long blocks) {
        double sum = 0;
        for (long i = 0; i < blocks * WeightKernels.LANES; i++) {
            sum += lanes.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }
        return sum;
    }

    private void run(long first, long end, int plane, Terms terms, Adder adder, MemorySegment lanes) {
        try (Arena arena = Arena.ofConfined()) {
            PlaneTile tile = new PlaneTile(job, arena);
            EntryAppender signs = plane < 0 ? null : job.signAppender(plane, signByte(first), arena);
            for (long flat = first; flat < end; ) {
                long leftInRow = columns - flat % columns;
                int count = (int) Math.min(Math.min(PlaneTile.SIZE, leftInRow), end - flat);
                terms.prepare(tile, flat, count, signs);
                for (int from = 0; from < count; ) {
                    long index = flat + from;
                    int inBlock = (int) (index % WeightKernels.BLOCK);
                    int piece = Math.min(count - from, WeightKernels.BLOCK - inBlock);
                    long block = index / WeightKernels.BLOCK;
                    adder.add(
                            tile.segment(),
                            from,
                            piece,
                            inBlock & (WeightKernels.LANES - 1),
                            lanes.asSlice(
                                    block * WeightKernels.LANES * Float.BYTES, WeightKernels.LANES * Float.BYTES));
                    from += piece;
                }
                flat += count;
            }
            if (signs != null) {
                signs.flush();
            }
        }
    }

    private long signByte(long flat) {
        return rows == 1 ? flat / 8 : flat / columns * ((columns + 7) >> 3);
    }
}
