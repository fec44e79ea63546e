package io.bitdelta.engine.train;

import ai.djl.ndarray.NDArray;
import io.bitdelta.engine.model.twin.CrossEntropy;
import io.bitdelta.engine.model.twin.FloatBlock;
import io.bitdelta.engine.model.twin.Step;
import io.bitdelta.engine.model.twin.Torch;
import io.bitdelta.engine.model.twin.Twin;
import io.bitdelta.engine.model.twin.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Gradients of the cross-entropy of examples, as Java arrays in the order of the variant's parameters. */
final class GradientSource {
    private final Torch torch;
    private final Twin twin;
    private final Variant variant;
    private final List<FloatBlock> parameters;

    GradientSource(Torch torch, Twin twin, Variant variant) {
        this.torch = torch;
        this.twin = twin;
        this.variant = variant;
        this.parameters = variant.parameters();
    }

    /**
     * A loss with its gradients.
     *
     * @param loss mean over the learnt positions, in nats
     * @param gradients one array per parameter
     */
    record Result(double loss, List<float[]> gradients) {}

    /** A loss of ten times what guessing costs: nothing is learnt there any more. */
    double hopeless() {
        return 10 * Math.log(twin.config().vocabulary());
    }

    /** The gradients of the mean over all learnt positions of the examples, computed in {@code parts}. */
    Result mean(List<Example> examples, int parts) {
        double weight = 1.0 / (double) Example.learnt(examples);
        List<float[]> sum = zeros();
        double loss = 0;
        int size = (examples.size() + parts - 1) / parts;
        for (int from = 0; from < examples.size(); from += size) {
            List<Example> part = examples.subList(from, Math.min(examples.size(), from + size));
            try (Step step = torch.step()) {
                loss += step.backward(() -> nll(step, part, weight));
                for (int p = 0; p < sum.size(); p++) {
                    step.addGradient(parameters.get(p), sum.get(p));
                }
            }
        }
        return new Result(loss, sum);
    }

    /**
     * The Gaussian mechanism of DP-SGD (arXiv 1607.00133, algorithm 1): each example's gradient is scaled down to the
     * clipping norm, the sum gets noise, and is divided by the expected number of examples, which depends on no example.
     *
     * @param examples a Poisson sample; may be empty
     * @param noise standard deviation over the clipping norm
     */
    Result clippedNoisyMean(
            List<Example> examples, double clipNorm, double noise, double expected, RandomGenerator random) {
        List<double[]> sum = new ArrayList<>();
        for (FloatBlock parameter : parameters) {
            sum.add(new double[parameter.count()]);
        }
        double loss = clippedSum(examples, clipNorm, sum);
        List<float[]> noisy = new ArrayList<>();
        for (double[] exact : sum) {
            float[] private_ = new float[exact.length];
            for (int i = 0; i < exact.length; i++) {
                private_[i] = (float) ((exact[i] + noise * clipNorm * random.nextGaussian()) / expected);
            }
            noisy.add(private_);
        }
        return new Result(examples.isEmpty() ? 0 : loss / examples.size(), noisy);
    }

    /** Adds every example's clipped gradient, one after the other; returns the sum of their mean losses. */
    double clippedSum(List<Example> examples, double clipNorm, List<double[]> into) {
        double loss = 0;
        for (Example example : examples) {
            try (Step step = torch.step()) {
                List<Example> one = List.of(example);
                loss += step.backward(() -> nll(step, one, 1.0 / example.learnt()));
                double square = 0;
                for (FloatBlock parameter : parameters) {
                    square += step.squaredNorm(parameter);
                }
                double factor = Math.min(1, clipNorm / Math.sqrt(square));
                for (int p = 0; p < into.size(); p++) {
                    step.addGradient(parameters.get(p), Double.isFinite(factor) ? factor : 0, into.get(p));
                }
            }
        }
        return loss;
    }

    /** The mean loss over the learnt positions of examples. */
    double loss(List<Example> examples, int batch) {
        double sum = 0;
        for (int from = 0; from < examples.size(); from += batch) {
            List<Example> part = examples.subList(from, Math.min(examples.size(), from + batch));
            try (Step step = torch.step()) {
                sum += nll(step, part, 1).getFloat();
            }
        }
        return sum / (double) Example.learnt(examples);
    }

    private NDArray nll(Step step, List<Example> examples, double weight) {
        NDArray logits = twin.logits(step, variant.bind(step), Example.inputs(examples));
        return CrossEntropy.of(step, logits, Example.targets(examples), weight);
    }

    private List<float[]> zeros() {
        List<float[]> zeros = new ArrayList<>();
        for (FloatBlock parameter : parameters) {
            zeros.add(new float[parameter.count()]);
        }
        return zeros;
    }
}
