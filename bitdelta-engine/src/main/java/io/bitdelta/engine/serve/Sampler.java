package io.bitdelta.engine.serve;

import java.util.random.RandomGenerator;

/** Chooses the next token. With a seeded generator, the same logits give the same tokens. */
@FunctionalInterface
public interface Sampler {
    /**
     * A token.
     *
     * @param logits one per token of the vocabulary; not changed
     */
    int next(float[] logits);

    /** The likeliest token; the lowest of equals. */
    static Sampler greedy() {
        return logits -> {
            int best = 0;
            for (int i = 1; i < logits.length; i++) {
                if (logits[i] > logits[best]) {
                    best = i;
                }
            }
            return best;
        };
    }

    /**
     * A token in proportion to {@code exp(logit / temperature)}.
     *
     * @param temperature 0 for {@link #greedy}
     * @throws IllegalArgumentException if the temperature is negative or not finite
     */
    static Sampler temperature(double temperature, RandomGenerator random) {
        if (!(temperature >= 0 && Double.isFinite(temperature))) {
            throw new IllegalArgumentException("temperature is " + temperature + ", expected is a number from 0 up");
        }
        if (temperature == 0) {
            return greedy();
        }
        return logits -> {
            double max = logits[greedy().next(logits)];
            double[] cumulative = new double[logits.length];
            double sum = 0;
            for (int i = 0; i < logits.length; i++) {
                sum += Math.exp((logits[i] - max) / temperature);
                cumulative[i] = sum;
            }
            double at = random.nextDouble() * sum;
            int token = 0;
            while (token < logits.length - 1 && cumulative[token] <= at) {
                token++;
            }
            return token;
        };
    }
}
