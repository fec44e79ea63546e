package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.WeightKernels;
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

    private RowEncoder(SignJob job) {
        this.job = job;
        this.columns = job.columns();
        Granularity granularity = job.sign().granularity();
        this.group = granularity.kind() == Granularity.Kind.GROUP ? granularity.groupSize() : Math.max(1, columns);
    }

    static void encode(SignJob job, Workers workers) {
        RowEncoder encoder = new RowEncoder(job);
        long rowsPerTask = Math.max(1, ELEMENTS_PER_TASK / Math.max(1, job.columns()));
        long tasks = (job.rows() + rowsPerTask - 1) / rowsPerTask;
        workers.forEachLong(tasks, task -> {
            long first = task * rowsPerTask;
            encoder.rows(first, Math.min(job.rows(), first + rowsPerTask));
        });
    }

    private void rows(long first, long end) {
        try (Arena arena = Arena.ofConfined()) {
            int planes = job.sign().bits();
            int groups = Math.toIntExact((columns + group - 1) / group);
            PlaneTile tile = new PlaneTile(job, arena);
            LaneSum sum = new LaneSum(arena);
            EntryAppender[] signs = new EntryAppender[planes];
            EntryAppender[] scales = new EntryAppender[planes];
            for (int plane = 0; plane < planes; plane++) {
                signs[plane] = job.signAppender(plane, first * job.sign().rowBytes(), arena);
                scales[plane] = job.scaleAppender(plane, first * groups, arena);
            }
            float[][] rowScales = new float[planes][groups];
            for (long row = first; row < end; row++) {
                for (int plane = 0; plane < planes; plane++) {
                    plane(row, plane, tile, sum, rowScales, signs[plane]);
                    for (float scale : rowScales[plane]) {
                        scales[plane].scale(job.scaleType(), scale);
                    }
                }
            }
            for (int plane = 0; plane < planes; plane++) {
                signs[plane].flush();
                scales[plane].flush();
            }
        }
    }

    private void plane(long row, int plane, PlaneTile tile, LaneSum sum, float[][] scales, EntryAppender signs) {
        WeightKernels kernels = job.kernels();
        for (long column = 0; column < columns; column += PlaneTile.SIZE) {
            int count = (int) Math.min(PlaneTile.SIZE, columns - column);
            long start = column;
            tile.pass(
                    row * columns + column,
                    count,
                    plane,
                    (p, segment, n, packed) -> subtract(scales[p], start, segment, n, packed),
                    signs);
            for (int from = 0; from < count; ) {
                long inGroup = (column + from) % group;
                int piece = (int) Math.min(Math.min(count - from, sum.room()), group - inGroup);
                kernels.addAbs(tile.segment(), from, piece, sum.phase(), sum.lanes());
                sum.advance(piece);
                from += piece;
                if (inGroup + piece == group || column + from == columns) {
                    int index = (int) ((column + from - 1) / group);
                    long added = sum.count();
                    scales[plane][index] = job.scale(sum.finish(), added, row * scales[plane].length + index);
                }
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
