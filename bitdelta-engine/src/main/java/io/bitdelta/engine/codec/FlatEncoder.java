package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.WeightKernels;
import io.bitdelta.engine.work.Workers;
import java.lang.foreign.Arena;
import java.util.Objects;

/** One scale for the tensor: a pass over all elements per plane. */
final class FlatEncoder {
    private FlatEncoder() {}

    static DeltaEnergy encode(SignJob job, Workers workers) {
        WeightKernels kernels = job.kernels();
        FlatSums sums = new FlatSums(job);
        float[] scales = new float[job.sign().bits()];
        long count = job.rows() * job.columns();
        double total = 0;
        double kept = 0;
        for (int plane = 0; plane < scales.length; plane++) {
            int current = plane;
            PlaneTile.EarlierPlane earlier = (p, tile, n, signs) -> {
                if (signs == null) {
                    kernels.residual(tile, 0, n, scales[p]);
                } else {
                    kernels.applySigns(tile, 0, n, signs, 0, -scales[p]);
                }
            };
            double sum;
            if (plane == 0 && sums.flat() && job.fuses()) {
                double[] both = sums.firstPlane(workers);
                sum = both[0];
                total = both[1];
            } else {
                sum = sums.sum(
                        workers,
                        plane,
                        (tile, flat, n, signs) -> tile.pass(flat, n, current, earlier, Objects.requireNonNull(signs)),
                        kernels::addAbs);
            }
            if (plane == 0 && total == 0) {
                total = sums.sum(
                        workers,
                        -1,
                        (tile, flat, n, signs) -> job.load(flat, n, tile.segment()),
                        (tile, from, n, phase, lanes) -> kernels.addSquares(tile, from, n, phase, 0, lanes));
            }
            scales[plane] = job.scale(sum, count, 0);
            kept += DeltaEnergy.kept(sum, count, scales[plane]);
            try (Arena arena = Arena.ofConfined()) {
                EntryAppender out = job.scaleAppender(plane, 0, arena);
                out.scale(job.scaleType(), scales[plane]);
                out.flush();
            }
        }
        return new DeltaEnergy(total, kept);
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
