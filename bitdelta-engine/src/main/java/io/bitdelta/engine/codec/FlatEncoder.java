package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.WeightKernels;
import io.bitdelta.engine.work.Workers;
import java.lang.foreign.Arena;
import java.util.Objects;

/** One scale for the tensor: a pass over all elements per plane. */
final class FlatEncoder {
    private FlatEncoder() {}

    static void encode(SignJob job, Workers workers) {
        WeightKernels kernels = job.kernels();
        FlatSums sums = new FlatSums(job);
        float[] scales = new float[job.sign().bits()];
        for (int plane = 0; plane < scales.length; plane++) {
            int current = plane;
            PlaneTile.EarlierPlane earlier = (p, tile, count, signs) -> {
                if (signs == null) {
                    kernels.residual(tile, 0, count, scales[p]);
                } else {
                    kernels.applySigns(tile, 0, count, signs, 0, -scales[p]);
                }
            };
            double sum = sums.sum(
                    workers,
                    plane,
                    (tile, flat, count, signs) ->
                            tile.pass(flat, count, current, earlier, Objects.requireNonNull(signs)),
                    kernels::addAbs);
            scales[plane] = job.scale(sum, job.rows() * job.columns(), 0);
            try (Arena arena = Arena.ofConfined()) {
                EntryAppender out = job.scaleAppender(plane, 0, arena);
                out.scale(job.scaleType(), scales[plane]);
                out.flush();
            }
        }
    }

    /**
     * The range that deltas are clamped to: mean and population standard deviation over the tensor, both summed in the
     * order of a tensor's scale; the squares are of the deltas less the mean in binary32.
     */
    static ClipRange clip(SignJob job, double sigmas, Workers workers) {
        FlatSums sums = new FlatSums(job);
        long count = job.rows() * job.columns();
        FlatSums.Terms deltas = (tile, flat, n, signs) -> job.load(flat, n, tile.segment());
        double mean = sums.sum(workers, -1, deltas, job.kernels()::add) / count;
        float centre = (float) mean;
        double variance = sums.sum(
                        workers,
                        -1,
                        deltas,
                        (tile, from, n, phase, lanes) -> job.kernels().addSquares(tile, from, n, phase, centre, lanes))
                / count;
        double reach = sigmas * Math.sqrt(variance);
        if (!Double.isFinite(mean) || !Double.isFinite(reach)) {
            FiniteWeights.check(job.base());
            FiniteWeights.check(job.finetuned());
            throw new ScaleOutOfRangeException(job.sign().name(), 0, reach);
        }
        return new ClipRange((float) (mean - reach), (float) (mean + reach));
    }
}
