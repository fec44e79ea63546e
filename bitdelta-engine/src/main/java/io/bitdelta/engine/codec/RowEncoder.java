package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.WeightKernels;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.work.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Scales that never cross rows: one per row, or one per group of a row. Rows are independent, so a task takes a range of
 * rows through all planes while the row is in the cache.
 */
final class RowEncoder {
    private static final long ELEMENTS_PER_TASK = 1L << 20;

    private final SignJob job;
    private final long columns;
    private final long group;
    private final boolean fused;

    private RowEncoder(SignJob job) {
        this.job = job;
        this.columns = job.columns();
        Granularity granularity = job.sign().granularity();
        boolean grouped = granularity.kind() == Granularity.Kind.GROUP;
        this.group = grouped ? granularity.groupSize() : Math.max(1, columns);
        this.fused = job.fuses() && (!grouped || group % WeightKernels.LANES == 0);
    }

    static DeltaEnergy encode(SignJob job, Workers workers) {
        RowEncoder encoder = new RowEncoder(job);
        long rowsPerTask = Math.max(1, ELEMENTS_PER_TASK / Math.max(1, job.columns()));
        DeltaEnergy[] parts = new DeltaEnergy[Math.toIntExact((job.rows() + rowsPerTask - 1) / rowsPerTask)];
        workers.forEach(parts.length, task -> {
            long first = task * rowsPerTask;
            parts[task] = encoder.rows(first, Math.min(job.rows(), first + rowsPerTask));
        });
        DeltaEnergy energy = DeltaEnergy.NONE;
        for (DeltaEnergy part : parts) {
            energy = energy.plus(part);
        }
        return energy;
    }

    private DeltaEnergy rows(long first, long end) {
        try (Arena arena = Arena.ofConfined()) {
            return new Task(first, arena).rows(end);
        }
    }

    /** A range of rows on one thread. */
    private final class Task {
        private final long first;
        private final PlaneTile tile;
        private final LaneSum sum;
        private final LaneSum squares;
        private final EntryAppender[] signs;
        private final EntryAppender[] scales;
        private final float[][] rowScales;
        private double total;
        private double kept;

        Task(long first, Arena arena) {
            this.first = first;
            int planes = job.sign().bits();
            int groups = Math.toIntExact((columns + group - 1) / group);
            this.tile = new PlaneTile(job, arena);
            this.sum = new LaneSum(arena);
            this.squares = new LaneSum(arena);
            this.signs = new EntryAppender[planes];
            this.scales = new EntryAppender[planes];
            for (int plane = 0; plane < planes; plane++) {
                signs[plane] = job.signAppender(plane, first * job.sign().rowBytes(), arena);
                scales[plane] = job.scaleAppender(plane, first * groups, arena);
            }
            this.rowScales = new float[planes][groups];
        }

        DeltaEnergy rows(long end) {
            for (long row = first; row < end; row++) {
                for (int plane = 0; plane < signs.length; plane++) {
                    if (plane == 0 && fused) {
                        firstPlane(row);
                    } else {
                        plane(row, plane);
                    }
                    for (float scale : rowScales[plane]) {
                        scales[plane].scale(job.scaleType(), scale);
                    }
                }
                total += squares.finish();
            }
            for (int plane = 0; plane < signs.length; plane++) {
                signs[plane].flush();
                scales[plane].flush();
            }
            return new DeltaEnergy(total, kept);
        }

        private void firstPlane(long row) {
            Dtype type = job.base().dtype();
            for (long column = 0; column < columns; ) {
                int count = (int) Math.min(Math.min(sum.room(), columns - column), group - column % group);
                long at = (row * columns + column) * type.width();
                job.kernels()
                        .compress(
                                type,
                                job.base().data(),
                                at,
                                job.finetuned().data(),
                                at,
                                count,
                                signs[0].buffer(),
                                signs[0].reserve((count + 7) >> 3),
                                sum.lanes(),
                                squares.lanes());
                squares.fold(count);
                column += count;
                added(row, 0, column, count);
            }
        }

        private void plane(long row, int plane) {
            WeightKernels kernels = job.kernels();
            for (long column = 0; column < columns; column += PlaneTile.SIZE) {
                int count = (int) Math.min(PlaneTile.SIZE, columns - column);
                long start = column;
                tile.pass(
                        row * columns + column,
                        count,
                        plane,
                        (p, segment, n, packed) -> subtract(rowScales[p], start, segment, n, packed),
                        signs[plane]);
                if (plane == 0) {
                    kernels.addSquares(tile.segment(), 0, count, 0, 0, squares.lanes());
                    squares.fold(count);
                }
                for (int from = 0; from < count; ) {
                    int piece = (int) Math.min(Math.min(count - from, sum.room()), group - (column + from) % group);
                    kernels.addAbs(tile.segment(), from, piece, sum.phase(), sum.lanes());
                    from += piece;
                    added(row, plane, column + from, piece);
                }
            }
        }

        /** Terms up to column {@code end} are in the sum; a scale is finished at the end of its group. */
        private void added(long row, int plane, long end, int count) {
            sum.advance(count);
            if (end % group == 0 || end == columns) {
                float[] found = rowScales[plane];
                int index = (int) ((end - 1) / group);
                long terms = sum.count();
                double value = sum.finish();
                found[index] = job.scale(value, terms, row * found.length + index);
                kept += DeltaEnergy.kept(value, terms, found[index]);
            }
        }
    }

    private void subtract(float[] scales, long column, MemorySegment tile, int count, @Nullable MemorySegment signs) {
        for (int from = 0; from < count; ) {
            int piece = (int) Math.min(count - from, group - (column + from) % group);
            float scale = scales[(int) ((column + from) / group)];
            if (signs == null) {
                job.kernels().residual(tile, from, piece, scale);
            } else {
                job.kernels().applySigns(tile, from, piece, signs, from, -scale);
            }
            from += piece;
        }
    }
}
