package io.bitdelta.engine.model;

import io.bitdelta.engine.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/** The names that Hugging Face gives to the tensors of these families. */
public final class TensorNames {
    /** The embedding: [vocabulary, hidden]. */
    public static final String EMBEDDING = "model.embed_tokens.weight";
    /** The norm before the output head: [hidden]. */
    public static final String FINAL_NORM = "model.norm.weight";
    /** The output head, where it is not the embedding: [vocabulary, hidden]. */
    public static final String HEAD = "lm_head.weight";

    private TensorNames() {}

    /** The output head of a model: {@link #HEAD}, or the embedding when they are tied. */
    public static String head(ModelConfig config) {
        return config.tied() ? EMBEDDING : HEAD;
    }

    /** The weights of a projection: [rows, columns]. */
    public static String weight(int layer, Projection projection) {
        return layer(layer) + projection.module() + ".weight";
    }

    /** The bias of a projection: [rows]. */
    public static String bias(int layer, Projection projection) {
        return layer(layer) + projection.module() + ".bias";
    }

    /** The norm before attention: [hidden]. */
    public static String attentionNorm(int layer) {
        return layer(layer) + "input_layernorm.weight";
    }

    /** The norm before the MLP: [hidden]. */
    public static String mlpNorm(int layer) {
        return layer(layer) + "post_attention_layernorm.weight";
    }

    /** The norm of each query head: [headDim]. */
    public static String queryNorm(int layer) {
        return layer(layer) + "self_attn.q_norm.weight";
    }

    /** The norm of each key head: [headDim]. */
    public static String keyNorm(int layer) {
        return layer(layer) + "self_attn.k_norm.weight";
    }

    private static String layer(int layer) {
        return "model.layers." + layer + ".";
    }

    /** Every tensor of a model with its shape. */
    public static Map<String, Shape> all(ModelConfig config) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put(EMBEDDING, Shape.of(config.vocabulary(), config.hidden()));
        for (int layer = 0; layer < config.layers(); layer++) {
            shapes.put(attentionNorm(layer), Shape.of(config.hidden()));
            shapes.put(mlpNorm(layer), Shape.of(config.hidden()));
            if (config.attention().normalised()) {
                shapes.put(queryNorm(layer), Shape.of(config.attention().headDim()));
                shapes.put(keyNorm(layer), Shape.of(config.attention().headDim()));
            }
            for (Projection projection : Projection.values()) {
                shapes.put(weight(layer, projection), Shape.of(projection.rows(config), projection.columns(config)));
                if (projection.biased(config)) {
                    shapes.put(bias(layer, projection), Shape.of(projection.rows(config)));
                }
            }
        }
        shapes.put(FINAL_NORM, Shape.of(config.hidden()));
        if (!config.tied()) {
            shapes.put(HEAD, Shape.of(config.vocabulary(), config.hidden()));
        }
        return shapes;
    }

    /** Tensors that some checkpoints hold although they follow from the configuration, or are the embedding again. */
    static boolean redundant(String name, ModelConfig config) {
        return name.endsWith(".rotary_emb.inv_freq") || (config.tied() && name.equals(HEAD));
    }
}
