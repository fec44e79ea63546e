package io.bitdelta.engine.model;

/**
 * The shape of attention.
 *
 * @param heads query heads
 * @param kvHeads key and value heads; query head h reads key head {@code h * kvHeads / heads}
 * @param headDim dimensions of a head, even
 * @param normalised whether queries and keys are RMS-normalised per head before the rotation
 * @param inputBias whether queries, keys and values have biases
 * @param outputBias whether the output projection has one
 * @param window how many positions a token sees, itself included, in layers from {@code firstWindowed}; 0: all
 * @param firstWindowed the first layer with the window
 */
public record Attention(
        int heads,
        int kvHeads,
        int headDim,
        boolean normalised,
        boolean inputBias,
        boolean outputBias,
        int window,
        int firstWindowed) {
    /** Checks that heads divide among key heads and that a head has pairs of dimensions. */
    public Attention {
        if (heads < 1 || kvHeads < 1 || heads % kvHeads != 0) {
            throw new IllegalArgumentException(
                    "%d attention heads do not divide among %d key heads".formatted(heads, kvHeads));
        }
        if (headDim < 2 || headDim % 2 != 0) {
            throw new IllegalArgumentException("head_dim is " + headDim + ", expected is an even number");
        }
        if (window < 0 || firstWindowed < 0) {
            throw new IllegalArgumentException("a window of " + window + " from layer " + firstWindowed);
        }
    }

    /** Length of all queries of one token. */
    public int queryWidth() {
        return heads * headDim;
    }

    /** Length of all keys, or all values, of one token. */
    public int keyWidth() {
        return kvHeads * headDim;
    }

    /** The first position that a token at {@code position} sees in a layer. */
    public int firstSeen(int layer, int position) {
        return window > 0 && layer >= firstWindowed ? Math.max(0, position - window + 1) : 0;
    }
}
