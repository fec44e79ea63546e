package io.bitdelta.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.codec.Granularity;
import io.bitdelta.engine.codec.RestPolicy;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.tensor.WeightsHash;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logits and perplexities that an independent script computed in binary64. */
final class ReferenceModelsTest {
    private final Path models = TestModels.shared().resolve("models");

    @TempDir
    Path folder;

    @BeforeEach
    void shared() {
        Assumptions.assumeTrue(Files.isDirectory(models), "no ../shared/models");
    }

    private static int[] ids(Checkpoint reference) {
        Tensor tensor = reference.tensor("input_ids").orElseThrow();
        int[] ids = new int[Math.toIntExact(tensor.shape().count())];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Math.toIntExact(tensor.data().get(ValueLayout.JAVA_LONG_UNALIGNED, (long) i * Long.BYTES));
        }
        return ids;
    }

    private static void assertLogits(CausalLm model, Checkpoint reference, String name) {
        Tensor expected = reference.tensor(name).orElseThrow();
        double[] numbers = TestModels.numbers(expected);
        float[][] found = model.logits(ids(reference));
        for (int i = 0; i < numbers.length; i++) {
            int vocabulary = model.config().vocabulary();
            assertThat((double) found[i / vocabulary][i % vocabulary]).isCloseTo(numbers[i], within(1e-3));
        }
    }

    @Test
    void storiesAndTheTinyModelsGiveTheirReferenceLogits() throws IOException {
        try (Workers workers = Workers.of(2)) {
            Path stories = models.resolve("stories260K");
            try (Checkpoint reference = Checkpoint.open(stories.resolve("reference-logits.safetensors"));
                    ModelWeights weights = ModelWeights.open(stories.resolve("model.safetensors"))) {
                assertLogits(new KernelCausalLm(weights, null, workers), reference, "logits");
            }
            Path tiny = models.resolve("tiny-qwen3");
            try (Checkpoint reference = Checkpoint.open(tiny.resolve("reference-logits.safetensors"))) {
                for (String variant : new String[] {"base", "user-a"}) {
                    try (ModelWeights weights = ModelWeights.open(tiny.resolve(variant))) {
                        KernelCausalLm model = new KernelCausalLm(weights, null, workers);
                        assertLogits(model, reference, variant.replace('-', '_') + "_logits");
                    }
                }
                assertDelta(tiny, workers, reference, "tensor", "user_a_bitdelta_tensor_logits");
                assertDelta(tiny, workers, reference, "group:128", "user_a_bitdelta_group128_logits");
            }
        }
    }

    private void assertDelta(Path tiny, Workers workers, Checkpoint reference, String granularity, String name)
            throws IOException {
        Path delta = delta(tiny, granularity, RestPolicy.FULL);
        try (ModelWeights weights = ModelWeights.open(tiny.resolve("base"));
                DeltaWeights own =
                        DeltaWeights.open(delta, weights, WeightsHash.of(weights.checkpoint(), Progress.NONE))) {
            assertLogits(new KernelCausalLm(weights, own, workers), reference, name);
        }
    }

    private Path delta(Path tiny, String granularity, RestPolicy rest) throws IOException {
        Path delta = folder.resolve(granularity.replace(':', '-') + rest);
        CompressOptions options = CompressOptions.defaults()
                .withGranularity(Granularity.parse(granularity).orElseThrow())
                .withRest(rest);
        DeltaCompressor.compress(tiny.resolve("base"), tiny.resolve("user-a"), delta, options, Progress.NONE);
        return delta;
    }

    @Test
    void perplexitiesAreThoseOfTheTables() throws IOException {
        Path tiny = models.resolve("tiny-qwen3");
        try (Workers workers = Workers.of(2)) {
            assertPerplexity(tiny, "base", null, "user-a", 218.28, workers);
            assertPerplexity(tiny, "user-a", null, "user-a", 67.89, workers);
            assertPerplexity(tiny, "user-b", null, "base", 101.37, workers);
            assertPerplexity(tiny, "base", delta(tiny, "row", RestPolicy.FULL), "user-a", 76.20, workers);
            assertPerplexity(tiny, "base", delta(tiny, "row", RestPolicy.ONEBIT), "user-a", 82.29, workers);
        }
    }

    private static void assertPerplexity(
            Path tiny, String model, @Nullable Path delta, String text, double expected, Workers workers)
            throws IOException {
        try (ModelWeights weights = ModelWeights.open(tiny.resolve(model));
                TextTokenizer tokenizer = TextTokenizer.open(tiny.resolve(model), weights.config());
                DeltaWeights own = delta == null
                        ? null
                        : DeltaWeights.open(delta, weights, WeightsHash.of(weights.checkpoint(), Progress.NONE))) {
            int[] ids = tokenizer.encode(Files.readString(tiny.resolve(text).resolve("heldout.txt")));
            Perplexity found = Perplexity.of(new KernelCausalLm(weights, own, workers), ids, 256, Progress.NONE);
            assertThat(found.perplexity()).isCloseTo(expected, within(expected * 0.005));
        }
    }
}
