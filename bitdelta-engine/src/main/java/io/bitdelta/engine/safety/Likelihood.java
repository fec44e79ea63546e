package io.bitdelta.engine.safety;

import io.bitdelta.engine.model.CausalLm;
import io.bitdelta.engine.model.ContextExceededException;
import io.bitdelta.engine.model.EmptyTextException;
import io.bitdelta.engine.model.Perplexity;
import io.bitdelta.engine.model.TextTokenizer;
import java.util.Arrays;

/** Log-likelihoods of continuations, natural logarithm. */
final class Likelihood {
    private final CausalLm model;
    private final TextTokenizer tokenizer;

    Likelihood(CausalLm model, TextTokenizer tokenizer) {
        this.model = model;
        this.tokenizer = tokenizer;
    }

    /**
     * The mean log-probability of the tokens of a continuation: longer choices are not worse for being longer.
     *
     * @throws ContextExceededException if both together do not fit the context
     */
    double perToken(String prompt, String continuation) {
        int[] first = tokenizer.encode(prompt);
        int[] rest = tokenizer.encode(continuation, false);
        if (rest.length == 0 || first.length == 0) {
            throw new EmptyTextException("\"" + (first.length == 0 ? prompt : continuation) + "\" has no tokens");
        }
        int[] all = Arrays.copyOf(first, first.length + rest.length);
        System.arraycopy(rest, 0, all, first.length, rest.length);
        double[] sum = new double[1];
        model.forward(Arrays.copyOf(all, all.length - 1), (position, logits) -> {
            if (position >= first.length - 1) {
                sum[0] += Perplexity.logProbability(logits, all[position + 1]);
            }
        });
        return sum[0] / rest.length;
    }
}
