package io.bitdelta.engine.calibrate;

import ai.djl.ndarray.NDArray;
import io.bitdelta.engine.model.twin.Step;
import io.bitdelta.engine.train.Example;
import java.util.List;

/** Adds up a metric over batches. */
final class Measurement {
    private final Metric metric;
    private final Losses losses;
    private double sum;
    private long positions;

    Measurement(Metric metric, Losses losses) {
        this.metric = metric;
        this.losses = losses;
    }

    /**
     * Adds a batch.
     *
     * @param logits [sequences, length, vocabulary]
     * @param teacher the fine-tune's; asked for agreement alone
     */
    void add(Step step, NDArray logits, NDArray teacher, List<Example> batch) {
        int length = Math.toIntExact(logits.getShape().get(1));
        float[] log = metric == Metric.PERPLEXITY || metric == Metric.EMPHASISED_PERPLEXITY
                ? logits.logSoftmax(-1)
                        .gather(Losses.targets(step, logits, batch), 2)
                        .toFloatArray()
                : new float[0];
        long[] likeliest = log.length > 0 ? new long[0] : logits.argMax(-1).toLongArray();
        long[] wanted = metric == Metric.AGREEMENT ? teacher.argMax(-1).toLongArray() : new long[0];
        for (int e = 0; e < batch.size(); e++) {
            int[] targets = batch.get(e).targets();
            for (int i = 0; i < targets.length; i++) {
                if (targets[i] != Example.NO_LOSS && (!metric.emphasised() || losses.emphasises(targets[i]))) {
                    int at = e * length + i;
                    positions++;
                    sum += switch (metric) {
                        case PERPLEXITY, EMPHASISED_PERPLEXITY -> -log[at];
                        case AGREEMENT -> likeliest[at] == wanted[at] ? 1 : 0;
                        case EMPHASISED_ACCURACY -> likeliest[at] == targets[i] ? 1 : 0;
                    };
                }
            }
        }
    }

    /** How many positions count. */
    long positions() {
        return positions;
    }

    /** The figure; not a number when no position counts. */
    double value() {
        double mean = sum / positions;
        return metric == Metric.PERPLEXITY || metric == Metric.EMPHASISED_PERPLEXITY ? Math.exp(mean) : mean;
    }
}
