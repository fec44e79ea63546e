package io.bitdelta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The defaults on checkpoints named as each architecture names its tensors: the projections, and only they, are 1-bit. */
class ArchitectureNamesTest {
    @TempDir
    private Path folder;

    static List<Arguments> architectures() {
        List<String> decoder = List.of(
                "model.layers.0.self_attn.q_proj.weight",
                "model.layers.0.self_attn.k_proj.weight",
                "model.layers.0.self_attn.v_proj.weight",
                "model.layers.0.self_attn.o_proj.weight",
                "model.layers.0.mlp.gate_proj.weight",
                "model.layers.0.mlp.up_proj.weight",
                "model.layers.0.mlp.down_proj.weight");
        return List.of(
                Arguments.of(
                        "Qwen3",
                        decoder,
                        List.of(
                                "model.embed_tokens.weight [16,8]",
                                "lm_head.weight [16,8]",
                                "model.norm.weight [8]",
                                "model.layers.0.input_layernorm.weight [8]",
                                "model.layers.0.post_attention_layernorm.weight [8]",
                                "model.layers.0.self_attn.q_norm.weight [4]",
                                "model.layers.0.self_attn.k_norm.weight [4]")),
                Arguments.of(
                        "Llama and Mistral",
                        decoder,
                        List.of(
                                "model.embed_tokens.weight [16,8]",
                                "lm_head.weight [16,8]",
                                "model.norm.weight [8]",
                                "model.layers.0.input_layernorm.weight [8]",
                                "model.layers.0.self_attn.rotary_emb.inv_freq [2]")),
                Arguments.of(
                        "Gemma",
                        decoder,
                        List.of(
                                "model.embed_tokens.weight [16,8]",
                                "model.norm.weight [8]",
                                "model.layers.0.pre_feedforward_layernorm.weight [8]",
                                "model.layers.0.post_feedforward_layernorm.weight [8]")),
                Arguments.of(
                        "GPT-2",
                        List.of(
                                "transformer.h.0.attn.c_attn.weight",
                                "transformer.h.0.attn.c_proj.weight",
                                "transformer.h.0.mlp.c_fc.weight",
                                "transformer.h.0.mlp.c_proj.weight"),
                        List.of(
                                "transformer.wte.weight [16,8]",
                                "transformer.wpe.weight [8,8]",
                                "transformer.ln_f.weight [8]",
                                "transformer.h.0.ln_1.weight [8]",
                                "transformer.h.0.ln_2.bias [8]",
                                "transformer.h.0.attn.c_attn.bias [24]",
                                "transformer.h.0.attn.bias [1,1,8,8]")),
                Arguments.of(
                        "BERT",
                        List.of(
                                "bert.encoder.layer.0.attention.self.query.weight",
                                "bert.encoder.layer.0.attention.self.key.weight",
                                "bert.encoder.layer.0.attention.self.value.weight",
                                "bert.encoder.layer.0.attention.output.dense.weight",
                                "bert.encoder.layer.0.intermediate.dense.weight",
                                "bert.encoder.layer.0.output.dense.weight",
                                "bert.pooler.dense.weight"),
                        List.of(
                                "bert.embeddings.word_embeddings.weight [16,8]",
                                "bert.embeddings.position_embeddings.weight [16,8]",
                                "bert.embeddings.token_type_embeddings.weight [2,8]",
                                "bert.embeddings.LayerNorm.weight [8]",
                                "bert.encoder.layer.0.output.LayerNorm.bias [8]",
                                "cls.predictions.decoder.weight [16,8]",
                                "classifier.weight [2,8]")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("architectures")
    void projectionsAreSignsAndTheRestIsInFull(String name, List<String> projections, List<String> rest)
            throws IOException {
        TestModels base = new TestModels();
        TestModels finetuned = new TestModels();
        for (String tensor : projections) {
            add(base, finetuned, tensor, Shape.of(8, 24));
        }
        for (String tensor : rest) {
            String[] parts = tensor.split(" ", -1);
            long[] dims = List.of(parts[1].replaceAll("[\\[\\]]", "").split(",", -1)).stream()
                    .mapToLong(Long::parseLong)
                    .toArray();
            add(base, finetuned, parts[0], Shape.of(dims));
        }
        Path delta = folder.resolve("delta");
        DeltaCompressor.compress(
                base.write(folder.resolve("base.safetensors")),
                finetuned.write(folder.resolve("finetuned.safetensors")),
                delta,
                CompressOptions.defaults(),
                Progress.NONE);
        DeltaHeader header = DeltaFile.readHeader(delta);
        assertThat(header.signs().stream().map(LayoutEntry.Sign::name))
                .containsExactlyInAnyOrderElementsOf(projections);
        // GPT-2's Conv1D is [in, out]: stored, and scaled per row, as it is.
        assertThat(header.signs())
                .allSatisfy(sign -> assertThat(sign.scaleShape()).isEqualTo(Shape.of(8)));
        assertThat(header.layout()).hasSize(projections.size() + rest.size());
    }

    private static void add(TestModels base, TestModels finetuned, String name, Shape shape) {
        int count = (int) shape.count();
        double[] before = new double[count];
        double[] after = new double[count];
        for (int i = 0; i < count; i++) {
            before[i] = i / 64.0;
            after[i] = before[i] + (i % 3 - 1) / 32.0 + 0.25;
        }
        base.tensor(name, Dtype.F32, shape, before);
        finetuned.tensor(name, Dtype.F32, shape, after);
    }
}
