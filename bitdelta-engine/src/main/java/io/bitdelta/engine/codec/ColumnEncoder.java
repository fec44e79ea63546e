package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.WeightKernels;
import io.bitdelta.engine.work.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * One scale per column: the sequence of a scale runs down the rows. A task takes one block of rows and one stripe of
 * columns, and leaves 16 partial sums per column behind; the fold goes over the blocks in order.
 */
final class ColumnEncoder {
    private static final long STRIPE = 2L * PlaneTile.SIZE;

    private final SignJob job;
    private final long columns;
    private final long blocks;
    private final long stripes;
    private final MemorySegment[] scales;
    private final double[] squares;
    private double kept;
    /** The first plane's scales with the other sign: to subtract them by signs that the tile no longer shows. */
    private final MemorySegment negated;

    private ColumnEncoder(SignJob job, Arena arena) {
        this.job = job;
        this.columns = job.columns();
        this.blocks = (job.rows() + WeightKernels.BLOCK - 1) / WeightKernels.BLOCK;
        this.stripes = (columns + STRIPE - 1) / STRIPE;
        this.scales = new MemorySegment[job.sign().bits()];
        for (int plane = 0; plane < scales.length; plane++) {
            scales[plane] = arena.allocate(columns * Float.BYTES, 64);
        }
        this.squares = new double[Math.toIntExact(blocks * stripes)];
        this.negated = arena.allocate(columns * Float.BYTES, 64);
    }

    static DeltaEnergy encode(SignJob job, Workers workers) {
        try (Arena arena = Arena.ofShared()) {
            ColumnEncoder encoder = new ColumnEncoder(job, arena);
            for (int plane = 0; plane < job.sign().bits(); plane++) {
                encoder.plane(plane, workers);
            }
            double total = 0;
            for (double part : encoder.squares) {
                total += part;
            }
            return new DeltaEnergy(total, encoder.kept);
        }
    }

    private void plane(int plane, Workers workers) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment[] lanes = new MemorySegment[Math.toIntExact(blocks)];
            for (int block = 0; block < lanes.length; block++) {
                lanes[block] = arena.allocate(columns * WeightKernels.LANES * Float.BYTES, 64);
            }
            workers.forEachLong(blocks * stripes, task -> block(plane, (int) task, lanes[(int) (task / stripes)]));
            fold(plane, lanes);
        }
    }

    private void fold(int plane, MemorySegment[] lanes) {
        try (Arena arena = Arena.ofConfined()) {
            EntryAppender out = job.scaleAppender(plane, 0, arena);
            for (long column = 0; column < columns; column++) {
                double sum = 0;
                for (MemorySegment block : lanes) {
                    for (int lane = 0; lane < WeightKernels.LANES; lane++) {
                        sum += block.getAtIndex(ValueLayout.JAVA_FLOAT, lane * columns + column);
                    }
                }
                float scale = job.scale(sum, job.rows(), column);
                kept += DeltaEnergy.kept(sum, job.rows(), scale);
                scales[plane].setAtIndex(ValueLayout.JAVA_FLOAT, column, scale);
                if (plane == 0) {
                    negated.setAtIndex(ValueLayout.JAVA_FLOAT, column, -scale);
                }
                out.scale(job.scaleType(), scale);
            }
            out.flush();
        }
    }

    private void block(int plane, int task, MemorySegment lanes) {
        long block = task / stripes;
        long stripe = task % stripes;
        long firstRow = block * WeightKernels.BLOCK;
        long endRow = Math.min(job.rows(), firstRow + WeightKernels.BLOCK);
        long firstColumn = stripe * STRIPE;
        long endColumn = Math.min(columns, firstColumn + STRIPE);
        boolean wholeRows = stripes == 1;
        try (Arena arena = Arena.ofConfined()) {
            PlaneTile tile = new PlaneTile(job, arena);
            LaneSum energy = new LaneSum(arena);
            EntryAppender signs = null;
            for (long row = firstRow; row < endRow; row++) {
                if (signs == null || !wholeRows) {
                    signs = flushed(signs, plane, row * job.sign().rowBytes() + firstColumn / 8, arena);
                }
                long lane = (row - firstRow) % WeightKernels.LANES;
                for (long column = firstColumn; column < endColumn; column += PlaneTile.SIZE) {
                    int count = (int) Math.min(PlaneTile.SIZE, endColumn - column);
                    long start = column;
                    tile.pass(
                            row * columns + column,
                            count,
                            plane,
                            (p, segment, n, packed) -> subtract(scales[p], start, segment, n, packed),
                            signs);
                    if (plane == 0) {
                        job.kernels().addSquares(tile.segment(), 0, count, 0, 0, energy.lanes());
                        energy.fold(count);
                    }
                    job.kernels().addAbsColumns(tile.segment(), count, lanes, lane * columns + column);
                }
            }
            if (signs != null) {
                signs.flush();
            }
            if (plane == 0) {
                squares[task] = energy.finish();
            }
        }
    }

    /** The next stretch of a plane's bytes is not the neighbour of the last one: start anew there. */
    private EntryAppender flushed(@Nullable EntryAppender before, int plane, long offset, Arena arena) {
        if (before != null) {
            before.moveTo(offset);
            return before;
        }
        return job.signAppender(plane, offset, arena);
    }

    private void subtract(
            MemorySegment planeScales, long column, MemorySegment tile, int count, @Nullable MemorySegment signs) {
        if (signs == null) {
            job.kernels().residualColumns(tile, count, planeScales, column);
        } else {
            job.kernels().applySignsColumns(tile, count, signs, 0, negated, column);
        }
    }
}
