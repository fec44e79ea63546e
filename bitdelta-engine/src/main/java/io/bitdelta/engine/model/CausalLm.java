package io.bitdelta.engine.model;

/**
 * Tokens to logits: the signature that the inference kernels and the differentiable twin share.
 *
 * <p>A sequence starts at position 0 and is computed on its own. Logits are binary32, one per token of the vocabulary,
 * not normalised.
 */
public interface CausalLm {
    /** The model's shape. */
    ModelConfig config();

    /**
     * Computes the logits after each token of a sequence.
     *
     * @param tokens 1 to {@code context} tokens
     * @param visitor is called for each position in order
     * @throws EmptyTextException if there are no tokens
     * @throws TokenRangeException if a token is not in the vocabulary
     * @throws ContextExceededException if there are more tokens than positions
     */
    void forward(int[] tokens, LogitVisitor visitor);

    /** As {@link #forward}, with all logits at once: [tokens, vocabulary]. */
    default float[][] logits(int[] tokens) {
        float[][] all = new float[tokens.length][];
        forward(tokens, (position, logits) -> all[position] = logits.clone());
        return all;
    }

    /**
     * Checks a sequence against a model.
     *
     * @throws EmptyTextException if there are no tokens
     * @throws TokenRangeException if a token is not in the vocabulary
     * @throws ContextExceededException if there are more tokens than positions
     */
    static void check(ModelConfig config, int[] tokens) {
        if (tokens.length == 0) {
            throw new EmptyTextException("there are no tokens; at least one is needed");
        }
        if (tokens.length > config.context()) {
            throw new ContextExceededException(tokens.length, config.context());
        }
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i] < 0 || tokens[i] >= config.vocabulary()) {
                throw new TokenRangeException(tokens[i], i, config.vocabulary());
            }
        }
    }

    /** Receives logits, position by position. */
    @FunctionalInterface
    interface LogitVisitor {
        /**
         * The logits after a token.
         *
         * @param position of the token, from 0
         * @param logits one per token of the vocabulary; valid during the call only
         */
        void visit(int position, float[] logits);
    }
}
