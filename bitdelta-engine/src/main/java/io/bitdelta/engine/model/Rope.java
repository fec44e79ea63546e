package io.bitdelta.engine.model;

/**
 * Rotary position embedding: dimension {@code i} of the first half of a head is rotated together with dimension
 * {@code i} of the second half (the Hugging Face layout) by {@code position * frequencies[i]} radians.
 *
 * @param theta the base of the frequencies
 * @param scaling how frequencies are stretched for longer contexts
 */
public record Rope(double theta, Scaling scaling) {
    /** How frequencies are stretched. */
    public sealed interface Scaling {}

    /** They are not. */
    public record None() implements Scaling {}

    /**
     * All by the same factor.
     *
     * @param factor at least 1
     */
    public record Linear(double factor) implements Scaling {
        /** Checks the factor. */
        public Linear {
            requireFactor(factor);
        }
    }

    /**
     * Llama 3.1: long wavelengths are stretched, short ones kept, those between are mixed.
     *
     * @param factor by how much, at least 1
     * @param low wavelengths over {@code originalContext / low} are stretched fully
     * @param high wavelengths under {@code originalContext / high} are kept
     * @param originalContext positions before the stretch
     */
    public record Llama3(double factor, double low, double high, int originalContext) implements Scaling {
        /** Checks the factors. */
        public Llama3 {
            requireFactor(factor);
            if (!(low > 0 && high > low && Double.isFinite(high)) || originalContext < 1) {
                throw new IllegalArgumentException(
                        "llama3 scaling with low_freq_factor %s, high_freq_factor %s, original context %d"
                                .formatted(low, high, originalContext));
            }
        }
    }

    /** Checks theta. */
    public Rope {
        if (!(theta > 1 && Double.isFinite(theta))) {
            throw new IllegalArgumentException("rope_theta is " + theta + ", expected is a number above 1");
        }
    }

    private static void requireFactor(double factor) {
        if (!(factor >= 1 && Double.isFinite(factor))) {
            throw new IllegalArgumentException("a rope factor of " + factor + " is not at least 1");
        }
    }

    /**
     * Radians per position.
     *
     * @param headDim dimensions of a head, even
     * @return one frequency for each pair of dimensions
     */
    public double[] frequencies(int headDim) {
        double[] frequencies = new double[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = scaled(Math.pow(theta, -2.0 * i / headDim));
        }
        return frequencies;
    }

    private double scaled(double frequency) {
        return switch (scaling) {
            case None none -> frequency;
            case Linear linear -> frequency / linear.factor();
            case Llama3 llama3 -> {
                double turns = llama3.originalContext() * frequency / (2 * Math.PI);
                if (turns < llama3.low()) {
                    yield frequency / llama3.factor();
                }
                if (turns > llama3.high()) {
                    yield frequency;
                }
                double smooth = (turns - llama3.low()) / (llama3.high() - llama3.low());
                yield (1 - smooth) * frequency / llama3.factor() + smooth * frequency;
            }
        };
    }
}
