package io.bitdelta.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.codec.BaseMismatchException;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.Granularity;
import io.bitdelta.engine.codec.LayoutEntry;
import io.bitdelta.engine.codec.RestPolicy;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.kernel.ElementCodec;
import io.bitdelta.engine.model.KernelCausalLm.SignActivations;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.WeightsHash;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class KernelCausalLmTest {
    private static Workers workers;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        workers = Workers.of(2);
    }

    @AfterAll
    static void stop() {
        workers.close();
    }

    private static int[] tokens(int count, int vocabulary) {
        return new Random(5).ints(count, 0, vocabulary).toArray();
    }

    private static void assertLogits(float[][] found, double[][] expected, double tolerance) {
        assertThat(found).hasNumberOfRows(expected.length);
        for (int t = 0; t < expected.length; t++) {
            for (int i = 0; i < expected[t].length; i++) {
                assertThat((double) found[t][i])
                        .as("position %d, token %d", t, i)
                        .isCloseTo(expected[t][i], within(tolerance));
            }
        }
    }

    private static Hash32 hash(ModelWeights weights) {
        return WeightsHash.of(weights.checkpoint(), Progress.NONE);
    }

    @Test
    void theShippedModelAgreesWithTheNaiveForward() throws IOException {
        int[] tokens = tokens(21, 2048);
        try (ModelWeights weights = ModelWeights.open(TestModels.tiny("base"))) {
            double[][] expected =
                    new NaiveCausalLm(weights.config(), NaiveCausalLm.numbers(weights.checkpoint())).logits(tokens);
            assertLogits(new KernelCausalLm(weights, null, workers).logits(tokens), expected, 1e-3);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16", "F32"})
    void aLlamaOfEveryElementTypeAgreesWithTheNaiveForward(Dtype dtype) throws IOException {
        Path model = RandomModel.write(folder, RandomModel.LLAMA, dtype, 1);
        for (int count : new int[] {1, 7, 40, 150}) {
            int[] tokens = tokens(count, 71);
            try (ModelWeights weights = ModelWeights.open(model)) {
                double[][] expected =
                        new NaiveCausalLm(weights.config(), NaiveCausalLm.numbers(weights.checkpoint())).logits(tokens);
                assertLogits(new KernelCausalLm(weights, null, workers).logits(tokens), expected, 1e-3);
            }
        }
    }

    @Test
    void aWindowHidesWhatLiesBeforeIt() throws IOException {
        Path model = RandomModel.write(folder, RandomModel.MISTRAL, Dtype.F32, 2);
        int[] tokens = tokens(30, 40);
        try (ModelWeights weights = ModelWeights.open(model)) {
            double[][] expected =
                    new NaiveCausalLm(weights.config(), NaiveCausalLm.numbers(weights.checkpoint())).logits(tokens);
            assertLogits(new KernelCausalLm(weights, null, workers).logits(tokens), expected, 1e-3);
        }
    }

    /** Rebuilt as FORMATS section 3 says, but in binary64 and without rounding back: what a fused delta must equal. */
    private static Map<String, double[]> rebuilt(Checkpoint base, DeltaFile delta) {
        Map<String, double[]> weights = NaiveCausalLm.numbers(base);
        for (LayoutEntry entry : delta.layout()) {
            double[] values = Objects.requireNonNull(weights.get(entry.name()));
            switch (entry) {
                case LayoutEntry.Full full -> {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = ElementCodec.read(
                                full.dtype(),
                                delta.full(full),
                                (long) i * full.dtype().width());
                    }
                }
                case LayoutEntry.Sign sign -> addSigns(delta, sign, values);
                case LayoutEntry.Core core ->
                    throw new IllegalArgumentException(core.name() + " is no compressed tensor");
                case LayoutEntry.LowRank low -> {
                    int rank = (int) low.rank();
                    int columns = (int) low.shape().columns();
                    double[] a = new double[rank * columns];
                    double[] b = new double[values.length / columns * rank];
                    addSigns(delta, low.a(), a);
                    addSigns(delta, low.b(), b);
                    for (int i = 0; i < values.length; i++) {
                        for (int k = 0; k < rank; k++) {
                            values[i] += b[i / columns * rank + k] * a[k * columns + i % columns];
                        }
                    }
                }
            }
        }
        return weights;
    }

    private static void addSigns(DeltaFile delta, LayoutEntry.Sign sign, double[] values) {
        int columns = (int) sign.shape().columns();
        for (int plane = 0; plane < sign.bits(); plane++) {
            float[] scales = delta.scales(sign, plane);
            for (int i = 0; i < values.length; i++) {
                int row = i / columns;
                int column = i % columns;
                int bits = delta.signs(sign, plane).get(ValueLayout.JAVA_BYTE, row * sign.rowBytes() + column / 8);
                double scale =
                        switch (sign.granularity().kind()) {
                            case TENSOR -> scales[0];
                            case ROW -> scales[row];
                            case COLUMN -> scales[column];
                            case GROUP ->
                                scales[
                                        row * (int) sign.granularity().groupsPerRow(columns)
                                                + column / sign.granularity().groupSize()];
                        };
                values[i] += ((bits >> (column & 7)) & 1) != 0 ? scale : -scale;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tensor,1,FULL",
        "row,2,ONEBIT",
        "column,3,BASE",
        "group:64,1,ONEBIT",
        "group:8,2,FULL",
        "group:5,1,ONEBIT",
        "group:128,1,FULL"
    })
    void aFusedDeltaIsTheRebuiltModelHoweverItIsComputed(String granularity, int bits, RestPolicy rest)
            throws IOException {
        Path base = RandomModel.write(folder.resolve("base"), RandomModel.LLAMA, Dtype.BF16, 3);
        Path tuned = RandomModel.finetune(folder.resolve("tuned"), base, Dtype.BF16, 4);
        Path delta = folder.resolve("delta.safetensors");
        CompressOptions options = CompressOptions.defaults()
                .withGranularity(Granularity.parse(granularity).orElseThrow())
                .withBits(bits)
                .withRest(rest);
        DeltaCompressor.compress(base, tuned, delta, options, Progress.NONE);
        int[] tokens = tokens(45, 71);
        try (ModelWeights weights = ModelWeights.open(base);
                DeltaFile file = DeltaFile.open(delta);
                DeltaWeights own = DeltaWeights.open(delta, weights, hash(weights))) {
            double[][] expected =
                    new NaiveCausalLm(weights.config(), rebuilt(weights.checkpoint(), file)).logits(tokens);
            KernelCausalLm model = new KernelCausalLm(weights, own, workers);
            assertLogits(model.logits(tokens), expected, 1e-3);
            assertLogits(decode(model, own, tokens), expected, 1e-3);
        }
    }

    /** Token by token: other kernels than a whole sequence, other code for deltas. */
    private static float[][] decode(KernelCausalLm model, DeltaWeights delta, int[] tokens) {
        float[][] logits = new float[tokens.length][];
        try (KvCache cache = new KvCache(model.config())) {
            for (int t = 0; t < tokens.length; t++) {
                logits[t] = model.step(List.of(new TokenRow(tokens[t], cache, delta)))[0];
            }
        }
        return logits;
    }

    @Test
    void usersInOneBatchGetExactlyTheirOwnModels() throws IOException {
        Path base = RandomModel.write(folder.resolve("base"), RandomModel.LLAMA, Dtype.BF16, 3);
        int users = 5;
        int[] tokens = tokens(9, 71);
        try (ModelWeights weights = ModelWeights.open(base)) {
            List<DeltaWeights> deltas = new ArrayList<>();
            List<KvCache> caches = new ArrayList<>();
            for (int user = 0; user < users; user++) {
                Path tuned = RandomModel.finetune(folder.resolve("tuned" + user), base, Dtype.BF16, 10 + user);
                Path file = folder.resolve("delta" + user);
                RestPolicy rest = user == 1 ? RestPolicy.FULL : RestPolicy.ONEBIT;
                DeltaCompressor.compress(
                        base, tuned, file, CompressOptions.defaults().withRest(rest), Progress.NONE);
                deltas.add(DeltaWeights.open(file, weights, hash(weights)));
                caches.add(new KvCache(weights.config()));
            }
            deltas.add(null);
            caches.add(new KvCache(weights.config()));
            KernelCausalLm model = new KernelCausalLm(weights, null, workers);
            for (int t = 0; t < tokens.length; t++) {
                List<TokenRow> rows = new ArrayList<>();
                for (int user = 0; user <= users; user++) {
                    // Users are at different positions: the second one started later.
                    if (user != 1 || t > 3) {
                        rows.add(new TokenRow(tokens[t], caches.get(user), deltas.get(user)));
                    }
                }
                float[][] batch = model.step(rows);
                for (int i = 0; i < rows.size(); i++) {
                    DeltaWeights delta = rows.get(i).delta();
                    int from = delta != null && delta == deltas.get(1) ? 4 : 0;
                    int[] own = Arrays.copyOfRange(tokens, from, t + 1);
                    float[] alone = new KernelCausalLm(weights, delta, workers).logits(own)[t - from];
                    for (int k = 0; k < alone.length; k++) {
                        assertThat(batch[i][k]).isCloseTo(alone[k], within(1e-3f));
                    }
                }
            }
            caches.forEach(KvCache::close);
            deltas.removeLast();
            deltas.forEach(DeltaWeights::close);
        }
    }

    @Test
    void eightBitActivationsStayCloseAndThreadsChangeNothing() throws IOException {
        Path base = RandomModel.write(folder.resolve("base"), RandomModel.LLAMA, Dtype.BF16, 3);
        Path tuned = RandomModel.finetune(folder.resolve("tuned"), base, Dtype.BF16, 4);
        Path file = folder.resolve("delta");
        DeltaCompressor.compress(base, tuned, file, CompressOptions.defaults(), Progress.NONE);
        int[] tokens = tokens(12, 71);
        try (ModelWeights weights = ModelWeights.open(base);
                DeltaWeights delta = DeltaWeights.open(file, weights, hash(weights));
                Workers one = Workers.of(1)) {
            KernelCausalLm exact = new KernelCausalLm(weights, delta, workers);
            float[][] expected = decode(exact, delta, tokens);
            float[][] rounded =
                    decode(new KernelCausalLm(weights, delta, workers, SignActivations.INT8), delta, tokens);
            double most = 0;
            for (int t = 0; t < tokens.length; t++) {
                for (int i = 0; i < expected[t].length; i++) {
                    most = Math.max(most, Math.abs(expected[t][i] - rounded[t][i]));
                }
            }
            assertThat(most).isBetween(1e-6, 0.05);
            assertThat(new KernelCausalLm(weights, delta, one).logits(tokens)).isDeepEqualTo(exact.logits(tokens));
        }
    }

    @Test
    void aDeltaForAnotherBaseIsRefusedByHash() throws IOException {
        Path base = RandomModel.write(folder.resolve("base"), RandomModel.LLAMA, Dtype.BF16, 3);
        Path other = RandomModel.write(folder.resolve("other"), RandomModel.LLAMA, Dtype.BF16, 30);
        Path tuned = RandomModel.finetune(folder.resolve("tuned"), base, Dtype.BF16, 4);
        Path file = folder.resolve("delta");
        DeltaCompressor.compress(base, tuned, file, CompressOptions.defaults(), Progress.NONE);
        try (ModelWeights weights = ModelWeights.open(other)) {
            Hash32 hash = hash(weights);
            assertThatThrownBy(() -> DeltaWeights.open(file, weights, hash))
                    .isInstanceOf(BaseMismatchException.class)
                    .hasMessageContaining(hash.hex());
        }
        try (ModelWeights weights = ModelWeights.open(base)) {
            Hash32 hash = hash(weights);
            assertThatThrownBy(() -> DeltaWeights.open(file, weights, hash, Hash32.ZERO))
                    .isInstanceOf(WrongDeltaException.class);
        }
    }

    @Test
    void wrongSequencesAreRefusedBeforeAnythingIsComputed() throws IOException {
        Path model = RandomModel.write(folder, RandomModel.LLAMA, Dtype.F32, 1);
        try (ModelWeights weights = ModelWeights.open(model);
                KvCache cache = new KvCache(weights.config())) {
            KernelCausalLm lm = new KernelCausalLm(weights, null, workers);
            assertThatThrownBy(() -> lm.logits(new int[0])).isInstanceOf(EmptyTextException.class);
            assertThatThrownBy(() -> lm.logits(new int[] {1, 71}))
                    .isInstanceOf(TokenRangeException.class)
                    .hasMessageContaining("token 71 at position 1");
            assertThatThrownBy(() -> lm.logits(new int[161]))
                    .isInstanceOf(ContextExceededException.class)
                    .hasMessageContaining("161")
                    .hasMessageContaining("160");
            lm.prefill(tokens(100, 71), cache, null);
            assertThatThrownBy(() -> lm.prefill(tokens(61, 71), cache, null))
                    .isInstanceOf(ContextExceededException.class);
            assertThat(cache.length()).isEqualTo(100);
        }
    }
}
