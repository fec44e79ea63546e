package io.bitdelta.engine.model.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.ndarray.NDArray;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.model.ModelWeights;
import io.bitdelta.engine.tensor.Checkpoint;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwinTest {
    @ParameterizedTest
    @CsvSource({
        "tiny-qwen3, tiny-qwen3/base, base_logits",
        "tiny-qwen3, tiny-qwen3/user-a, user_a_logits",
        "stories260K, stories260K/model.safetensors, logits"
    })
    void logitsAgreeWithTheReference(String family, String variant, String entry) throws Exception {
        Path models = TestModels.shared().resolve("models");
        Path reference = models.resolve(family).resolve("reference-logits.safetensors");
        Assumptions.assumeTrue(Files.exists(reference));
        try (Checkpoint stored = Checkpoint.open(reference);
                Arena arena = Arena.ofShared();
                Torch torch = Torch.start(1);
                ModelWeights model = ModelWeights.open(models.resolve(variant))) {
            long[] ids = stored.tensor("input_ids").orElseThrow().data().toArray(ValueLayout.JAVA_LONG_UNALIGNED);
            double[] expected = TestModels.numbers(stored.tensor(entry).orElseThrow());
            int[][] tokens = {
                java.util.Arrays.stream(ids).mapToInt(x -> (int) x).toArray()
            };
            try (Step step = torch.step()) {
                NDArray logits = new Twin(model.config(), arena)
                        .logits(step, new FullVariant(model, arena, false).bind(step), tokens);
                float[] found = logits.toFloatArray();
                assertThat(found).hasSize(expected.length);
                double worst = 0;
                for (int i = 0; i < found.length; i++) {
                    worst = Math.max(worst, Math.abs(found[i] - expected[i]));
                }
                assertThat(worst).isLessThan(1e-3);
            }
        }
    }

    @Test
    void gradientsAreThoseOfDifferences() throws Exception {
        try (Arena arena = Arena.ofShared();
                Torch torch = Torch.start(1);
                ModelWeights model = ModelWeights.open(TestModels.tiny("base"))) {
            Twin twin = new Twin(model.config(), arena);
            FullVariant weights = new FullVariant(model, arena, true);
            int[][] tokens = {{5, 17, 300, 2, 900, 41}, {7, 7, 12, 1500, 3, 2}};
            for (String name : new String[] {
                "model.layers.1.self_attn.q_proj.weight",
                "model.layers.3.mlp.down_proj.weight",
                "model.layers.0.self_attn.k_norm.weight",
                "model.embed_tokens.weight"
            }) {
                FloatBlock block = weights.block(name);
                float[] gradient = new float[block.count()];
                try (Step step = torch.step()) {
                    step.backward(() -> energy(step, twin, weights, tokens));
                    step.addGradient(block, gradient);
                }
                double norm = 0;
                for (float g : gradient) {
                    norm += (double) g * g;
                }
                norm = Math.sqrt(norm);
                float[] here = block.toArray();
                double h = 0.02;
                double up = value(torch, twin, weights, tokens, block, here, gradient, h / norm);
                double down = value(torch, twin, weights, tokens, block, here, gradient, -h / norm);
                block.assign(here);
                assertThat((up - down) / (2 * h)).isCloseTo(norm, withinPercentage(2));
            }
        }
    }

    private static double value(
            Torch torch,
            Twin twin,
            Variant variant,
            int[][] tokens,
            FloatBlock block,
            float[] from,
            float[] direction,
            double distance) {
        float[] moved = from.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (distance * direction[i]);
        }
        block.assign(moved);
        try (Step step = torch.step()) {
            return energy(step, twin, variant, tokens).getFloat();
        }
    }

    private static NDArray energy(Step step, Twin twin, Variant variant, int[][] tokens) {
        NDArray logits = twin.logits(step, variant.bind(step), tokens);
        return logits.mul(logits).mean();
    }
}
