package io.bitdelta.engine.model;

import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** Small models with random weights in Hugging Face's layout. */
final class RandomModel {
    /** Llama with everything it may have: three query heads per key head, biases, llama3 rotation, a head of its own. */
    static final String LLAMA = """
            {"model_type":"llama","vocab_size":71,"hidden_size":48,"intermediate_size":100,"num_hidden_layers":2,
             "num_attention_heads":6,"num_key_value_heads":2,"head_dim":18,"max_position_embeddings":160,
             "rms_norm_eps":1e-5,"rope_theta":500.0,"hidden_act":"silu","attention_bias":true,"mlp_bias":true,
             "rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,
             "original_max_position_embeddings":20},"eos_token_id":[70,69],"bos_token_id":68}
            """;

    /** Mistral with a window that is shorter than its texts. */
    static final String MISTRAL = """
            {"model_type":"mistral","vocab_size":40,"hidden_size":32,"intermediate_size":64,"num_hidden_layers":2,
             "num_attention_heads":4,"num_key_value_heads":2,"max_position_embeddings":64,"sliding_window":5,
             "rms_norm_eps":1e-5,"hidden_act":"silu"}
            """;

    private RandomModel() {}

    /** Writes configuration and weights; returns the folder. */
    static Path write(Path folder, String config, Dtype dtype, long seed) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), config);
        return weights(folder, ModelConfig.read(folder), dtype, new Random(seed));
    }

    /** A fine-tune: every weight of {@code base} moved a little. */
    static Path finetune(Path folder, Path base, Dtype dtype, long seed) throws IOException {
        Files.createDirectories(folder);
        Files.copy(base.resolve("config.json"), folder.resolve("config.json"));
        Random random = new Random(seed);
        TestModels models = new TestModels();
        try (ModelWeights weights = ModelWeights.open(base)) {
            NaiveCausalLm.numbers(weights.checkpoint()).forEach((name, values) -> {
                Shape shape = weights.tensor(name).shape();
                for (int i = 0; i < values.length; i++) {
                    values[i] += 0.03 * random.nextGaussian();
                }
                models.tensor(name, dtype, shape, values);
            });
        }
        models.write(folder.resolve("model.safetensors"));
        return folder;
    }

    private static Path weights(Path folder, ModelConfig config, Dtype dtype, Random random) {
        TestModels models = new TestModels();
        for (Map.Entry<String, Shape> entry : TensorNames.all(config).entrySet()) {
            double[] values = new double[(int) entry.getValue().count()];
            boolean norm = entry.getKey().contains("norm");
            for (int i = 0; i < values.length; i++) {
                values[i] = (norm ? 1 : 0) + 0.2 * random.nextGaussian();
            }
            models.tensor(entry.getKey(), dtype, entry.getValue(), values);
        }
        models.write(folder.resolve("model.safetensors"));
        return folder;
    }
}
