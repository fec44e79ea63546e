package io.bitdelta.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelConfigTest {
    @TempDir
    Path folder;

    private ModelConfig read(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
        return ModelConfig.read(folder);
    }

    private static String llama(String from, String to) {
        assertThat(RandomModel.LLAMA).contains(from);
        return RandomModel.LLAMA.replace(from, to);
    }

    @Test
    void theShippedModelIsAQwen3() throws IOException {
        ModelConfig config = ModelConfig.read(TestModels.tiny("base"));
        assertThat(config.architecture()).isEqualTo(Architecture.QWEN3);
        assertThat(config.attention().normalised()).isTrue();
        assertThat(config.attention().queryWidth()).isEqualTo(256);
        assertThat(config.tied()).isTrue();
        assertThat(config.context()).isEqualTo(256);
        assertThat(config.ends()).containsExactly(2045);
    }

    @Test
    void llama3StretchesLongWavelengthsOnly() throws IOException {
        Rope rope = read(RandomModel.LLAMA).rope();
        double[] plain = new Rope(500, new Rope.None()).frequencies(18);
        double[] scaled = rope.frequencies(18);
        assertThat(scaled[0]).isEqualTo(plain[0] / 8 + (plain[0] - plain[0] / 8) * smooth(plain[0]), within(1e-12));
        assertThat(scaled[8]).isEqualTo(plain[8] / 8);
        for (int i = 0; i < scaled.length; i++) {
            assertThat(scaled[i]).isBetween(plain[i] / 8, plain[i]);
        }
    }

    private static double smooth(double frequency) {
        return Math.clamp((20 * frequency / (2 * Math.PI) - 1) / 3, 0, 1);
    }

    @Test
    void newerConfigurationsKeepTheRotationInOneObject() throws IOException {
        Rope rope = read(llama(
                        "\"rope_theta\":500.0,",
                        "\"rope_parameters\":{\"rope_theta\":77.0,\"rope_type\":\"linear\",\"factor\":2},"))
                .rope();
        assertThat(rope).isEqualTo(new Rope(77, new Rope.Linear(2)));
    }

    @Test
    void qwen2HasBiasesOnItsInputsOnly() throws IOException {
        ModelConfig config = read(llama("\"llama\"", "\"qwen2\""));
        assertThat(config.attention().inputBias()).isTrue();
        assertThat(config.attention().outputBias()).isFalse();
        assertThat(TensorNames.all(config)).containsKey("model.layers.1.self_attn.v_proj.bias");
        assertThat(TensorNames.all(config)).doesNotContainKey("model.layers.1.self_attn.o_proj.bias");
    }

    @Test
    void endsAreThoseOfBothFiles() throws IOException {
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\":[12,70]}");
        assertThat(read(RandomModel.LLAMA).ends()).containsExactly(70, 69, 12);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"llama\"|\"gpt_neox\"|model_type \"gpt_neox\" is unknown; known are llama",
                "\"silu\"|\"gelu\"|hidden_act is \"gelu\"",
                "\"rope_type\":\"llama3\"|\"rope_type\":\"yarn\"|rope scaling \"yarn\" is unknown",
                "\"hidden_size\":48,|\"quantization_config\":{},\"hidden_size\":48,|quantised"
            })
    void whatIsNotComputedIsNamed(String from, String to, String message) {
        assertThatThrownBy(() -> read(llama(from, to)))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("config.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"hidden_size\":48,| |hidden_size is missing",
                "\"hidden_size\":48|\"hidden_size\":-1|hidden_size is -1",
                "\"vocab_size\":71|\"vocab_size\":\"many\"|vocab_size is \"many\"",
                "\"num_key_value_heads\":2|\"num_key_value_heads\":4|6 attention heads do not divide among 4",
                "\"head_dim\":18|\"head_dim\":17|head_dim is 17",
                "\"mlp_bias\":true|\"mlp_bias\":1|mlp_bias is 1",
                "1e-5|0|rms_norm_eps is 0",
                "{\"model_type\"|[\"model_type\"|not JSON",
                "\"factor\":8.0|\"factor\":0.5|factor of 0.5"
            })
    void nonsenseIsNamed(String from, String to, String message) {
        assertThatThrownBy(() -> read(llama(from, to == null ? "" : to)))
                .isInstanceOf(MalformedModelConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aFolderWithoutConfigurationIsNoModel() {
        assertThatThrownBy(() -> ModelConfig.read(folder))
                .isInstanceOf(MalformedModelConfigException.class)
                .hasMessageContaining("no such file");
    }

    @Test
    void weightsMustBeExactlyThoseOfTheConfiguration() throws IOException {
        Path model = RandomModel.write(folder.resolve("m"), RandomModel.LLAMA, Dtype.F32, 1);
        Files.writeString(model.resolve("config.json"), llama("\"num_hidden_layers\":2", "\"num_hidden_layers\":3"));
        assertThatThrownBy(() -> ModelWeights.open(model))
                .isInstanceOf(MissingTensorException.class)
                .hasMessageContaining("model.layers.2.");
        Files.writeString(model.resolve("config.json"), llama("\"num_hidden_layers\":2", "\"num_hidden_layers\":1"));
        assertThatThrownBy(() -> ModelWeights.open(model))
                .isInstanceOf(UnexpectedTensorException.class)
                .hasMessageContaining("model.layers.1.");
        Files.writeString(model.resolve("config.json"), llama("\"vocab_size\":71", "\"vocab_size\":72"));
        assertThatThrownBy(() -> ModelWeights.open(model))
                .isInstanceOf(TensorShapeException.class)
                .hasMessageContaining("[71,48]")
                .hasMessageContaining("[72,48]");
        Files.writeString(model.resolve("config.json"), RandomModel.LLAMA);
        TestModels doubles = new TestModels();
        TensorNames.all(ModelConfig.read(model))
                .forEach((name, shape) -> doubles.tensor(name, Dtype.F64, shape, new double[(int) shape.count()]));
        doubles.write(model.resolve("model.safetensors"));
        assertThatThrownBy(() -> ModelWeights.open(model))
                .isInstanceOf(TensorShapeException.class)
                .hasMessageContaining("F64");
    }

    @Test
    void inverseFrequenciesOfOldCheckpointsAreIgnored() throws IOException {
        Path model = RandomModel.write(folder.resolve("m"), RandomModel.MISTRAL, Dtype.F32, 1);
        TestModels more = new TestModels();
        try (ModelWeights weights = ModelWeights.open(model)) {
            NaiveCausalLm.numbers(weights.checkpoint())
                    .forEach((name, values) ->
                            more.tensor(name, Dtype.F32, weights.tensor(name).shape(), values));
        }
        more.tensor("model.layers.0.self_attn.rotary_emb.inv_freq", Dtype.F32, Shape.of(4), 1, 2, 3, 4);
        more.write(model.resolve("model.safetensors"));
        ModelWeights.open(model).close();
    }
}
