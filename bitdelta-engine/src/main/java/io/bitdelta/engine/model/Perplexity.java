package io.bitdelta.engine.model;

import io.bitdelta.engine.Progress;
import java.util.Arrays;

/**
 * How well a model predicts a text: {@code exp} of the mean negative log-likelihood of every token but the first.
 *
 * <p>Protocol: non-overlapping windows {@code x = ids[i .. i+w)}, {@code y = ids[i+1 .. i+w+1)} for i = 0, w, 2w, ...;
 * positions start anew in each window.
 *
 * @param perplexity at least 1
 * @param logLoss the mean negative log-likelihood, natural logarithm
 * @param tokens tokens that were predicted
 */
public record Perplexity(double perplexity, double logLoss, long tokens) {
    /**
     * Measures a model.
     *
     * @param ids the text
     * @param window positions per window, at most the model's context
     * @param progress receives predicted tokens
     * @throws EmptyTextException if there are fewer than two tokens
     * @throws ContextExceededException if the window is longer than the context
     */
    public static Perplexity of(CausalLm model, int[] ids, int window, Progress progress) {
        if (ids.length < 2) {
            throw new EmptyTextException("the text has " + ids.length + " tokens; a prediction needs two");
        }
        if (window > model.config().context()) {
            throw new ContextExceededException(window, model.config().context());
        }
        double[] loss = new double[1];
        for (int from = 0; from < ids.length - 1; from += window) {
            int start = from;
            int end = Math.min(ids.length - 1, from + window);
            model.forward(Arrays.copyOfRange(ids, start, end), (position, logits) -> {
                loss[0] -= logProbability(logits, ids[start + position + 1]);
                progress.advance(1);
            });
        }
        long predicted = ids.length - 1L;
        return new Perplexity(Math.exp(loss[0] / predicted), loss[0] / predicted, predicted);
    }

    /** The log-probability of a token, natural logarithm, summed in binary64. */
    public static double logProbability(float[] logits, int token) {
        float max = logits[0];
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp((double) logit - max);
        }
        return (double) logits[token] - max - Math.log(sum);
    }
}
