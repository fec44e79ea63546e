package io.bitdelta.engine.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a Hugging Face {@code config.json} says about a causal language model.
 *
 * @param architecture its family
 * @param vocabulary tokens; logits per position
 * @param hidden width of the residual stream
 * @param intermediate width inside the gated MLP
 * @param layers decoder layers
 * @param attention the shape of attention
 * @param rope the rotation of queries and keys
 * @param context positions the model was made for
 * @param normEpsilon added to the mean square in RMSNorm
 * @param mlpBias whether the MLP's projections have biases
 * @param tied whether the output head is the embedding
 * @param begin the token that starts a text, where there is one
 * @param ends tokens that end a text
 */
public record ModelConfig(
        Architecture architecture,
        int vocabulary,
        int hidden,
        int intermediate,
        int layers,
        Attention attention,
        Rope rope,
        int context,
        double normEpsilon,
        boolean mlpBias,
        boolean tied,
        OptionalInt begin,
        List<Integer> ends) {
    private static final int MAX_WIDTH = 1 << 24;

    /** Checks every number. */
    public ModelConfig {
        ends = List.copyOf(ends);
        require("vocab_size", vocabulary, MAX_WIDTH);
        require("hidden_size", hidden, MAX_WIDTH);
        require("intermediate_size", intermediate, MAX_WIDTH);
        require("num_hidden_layers", layers, 1 << 12);
        require("num_attention_heads x head_dim", (long) attention.heads() * attention.headDim(), MAX_WIDTH);
        require("max_position_embeddings", context, 1 << 28);
        if (!(normEpsilon > 0 && normEpsilon < 1)) {
            throw new IllegalArgumentException(
                    "rms_norm_eps is " + normEpsilon + ", expected is a small number above 0");
        }
    }

    private static void require(String key, long value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException("%s is %d, expected is 1 to %d".formatted(key, value, max));
        }
    }

    /**
     * Reads the configuration of a model.
     *
     * @param model a folder, or a file of weights in it
     * @throws MalformedModelConfigException if there is none, or it is not one
     * @throws UnsupportedModelException if it asks for an unknown architecture or part
     * @throws IOException if reading fails
     */
    public static ModelConfig read(Path model) throws IOException {
        return ConfigReader.read(model);
    }
}
