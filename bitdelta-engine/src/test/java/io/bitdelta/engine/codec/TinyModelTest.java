package io.bitdelta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.codec.InspectReport.TensorReport;
import io.bitdelta.engine.commit.Sha256;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The codec on real weights. */
class TinyModelTest {
    @TempDir
    private Path folder;

    private Path compress(String user, String name, CompressOptions options) throws IOException {
        Path out = folder.resolve(name);
        DeltaCompressor.compress(TestModels.tiny("base"), TestModels.tiny(user), out, options, Progress.NONE);
        return out;
    }

    @ParameterizedTest
    @ValueSource(strings = {"user-a", "user-b", "user-c"})
    void signsAndScalesAreTheReferenceValues(String user) throws IOException {
        Path reference =
                TestModels.shared().resolve("models/tiny-qwen3").resolve(user).resolve("bitdelta-reference.json");
        Assumptions.assumeTrue(Files.exists(reference), "no reference values beside the project");
        JsonNode tensors =
                JsonMapper.shared().readTree(Files.readAllBytes(reference)).get("tensors");
        Path delta = compress(user, "delta", CompressOptions.defaults().withGranularity(Granularity.TENSOR));
        int compared = 0;
        for (TensorReport tensor : DeltaInspector.tensors(delta).tensors()) {
            if (tensor.kind().equals("sign")) {
                JsonNode expected = tensors.get(tensor.name());
                assertThat(tensor.ones()).isEqualTo(expected.get("popcount_ge").asLong());
                assertThat(tensor.signSha256())
                        .isEqualTo("0x" + expected.get("sha256_ge").asString());
                double mean = expected.get("mean_abs_delta").asDouble();
                assertThat(tensor.scales().mean()).isCloseTo(mean, within(mean * 1e-6));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(tensors.size());
    }

    /** The reference gives, per tensor, the norm of what is lost over the norm of the delta, and the signs of all forms. */
    @ParameterizedTest
    @CsvSource({
        "user-a, tensor", "user-a, row", "user-a, group:128",
        "user-b, tensor", "user-b, row", "user-b, group:128",
        "user-c, tensor", "user-c, row", "user-c, group:128"
    })
    void everyGranularityLosesWhatTheReferenceLoses(String user, String granularity) throws IOException {
        Path reference =
                TestModels.shared().resolve("models/tiny-qwen3").resolve(user).resolve("bitdelta-reference.json");
        Assumptions.assumeTrue(Files.exists(reference), "no reference values beside the project");
        JsonNode tensors =
                JsonMapper.shared().readTree(Files.readAllBytes(reference)).get("tensors");
        Path path = compress(
                user,
                "delta",
                CompressOptions.defaults()
                        .withGranularity(Granularity.parse(granularity).orElseThrow()));
        String suffix = granularity.replace(":", "");
        try (DeltaFile delta = DeltaFile.open(path);
                Checkpoint base = Checkpoint.open(TestModels.tiny("base"));
                Checkpoint finetuned = Checkpoint.open(TestModels.tiny(user))) {
            for (LayoutEntry.Sign sign : delta.header().signs()) {
                JsonNode expected = tensors.get(sign.name());
                double[] lost = lost(delta, sign, base, finetuned);
                double deltaError = expected.get("delta_rel_err_" + suffix).asDouble();
                double weightError = expected.get("weight_rel_err_" + suffix).asDouble();
                assertThat(lost[0]).as(sign.name()).isCloseTo(deltaError, within(deltaError * 1e-5));
                assertThat(lost[1]).as(sign.name()).isCloseTo(weightError, within(weightError * 1e-5));
                assertThat(Sha256.of(delta.signs(sign, 0)).hex())
                        .isEqualTo("0x" + expected.get("sha256_ge").asString());
            }
            assertThat(delta.header().signs()).hasSize(tensors.size());
        }
    }

    /** Norms of what is lost, over that of the delta and over that of the fine-tune. */
    private static double[] lost(DeltaFile delta, LayoutEntry.Sign sign, Checkpoint base, Checkpoint finetuned) {
        Tensor from = base.tensor(sign.name()).orElseThrow();
        double[] before = TestModels.numbers(from);
        double[] after = TestModels.numbers(finetuned.tensor(sign.name()).orElseThrow());
        int columns = (int) sign.shape().columns();
        double lost = 0;
        double change = 0;
        double weights = 0;
        for (int row = 0; row < sign.shape().rows(); row++) {
            float[] rebuilt = WeightsOfRow.of(delta, sign, from, row);
            for (int column = 0; column < columns; column++) {
                double wanted = after[row * columns + column];
                double was = before[row * columns + column];
                lost += (wanted - rebuilt[column]) * (wanted - rebuilt[column]);
                change += (wanted - was) * (wanted - was);
                weights += wanted * wanted;
            }
        }
        return new double[] {Math.sqrt(lost / change), Math.sqrt(lost / weights)};
    }

    /** Values computed once by a separate program from the stored bf16 numbers, so that no file beside the project is needed. */
    @Test
    void aShippedTensorHasItsKnownSigns() throws IOException {
        Path delta = compress("user-a", "delta", CompressOptions.defaults());
        TensorReport tensor = DeltaInspector.tensors(delta).tensors().stream()
                .filter(t -> t.name().equals("model.layers.0.mlp.down_proj.weight"))
                .findFirst()
                .orElseThrow();
        assertThat(tensor.ones()).isEqualTo(50400);
        assertThat(tensor.signSha256()).isEqualTo("0x214a37fcc04f2311bd4440d9689077e977acbb62b9f34468ec94682c88588c2e");
        assertThat(tensor.scales().count()).isEqualTo(192);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tensor", "row", "column", "group:32", "group:100"})
    void anyNumberOfThreadsGivesTheSameBytes(String granularity) throws IOException {
        CompressOptions options = CompressOptions.defaults()
                .withGranularity(Granularity.parse(granularity).orElseThrow())
                .withBits(2)
                .withRest(RestPolicy.ONEBIT);
        byte[] one = Files.readAllBytes(compress("user-b", "one", options.withThreads(1)));
        for (int threads = 2; threads <= 4; threads++) {
            byte[] many = Files.readAllBytes(compress("user-b", "many" + threads, options.withThreads(threads)));
            assertThat(many).isEqualTo(one);
        }
    }

    @Test
    void recomputingHoldsAndOneFlippedByteDoesNot() throws IOException {
        Path delta = compress("user-c", "delta", CompressOptions.defaults());
        VerifyReport good = verify(delta);
        assertThat(good.ok()).as(good.toString()).isTrue();
        byte[] bytes = Files.readAllBytes(delta);
        bytes[bytes.length - 1] ^= 1;
        VerifyReport bad = verify(Files.write(folder.resolve("bad"), bytes));
        assertThat(bad.ok()).isFalse();
        assertThat(bad.checks().getLast().name()).isEqualTo("recompute");
        assertThat(bad.checks().getLast().detail()).contains(".sign");
    }

    private static VerifyReport verify(Path delta) throws IOException {
        return DeltaVerifier.verify(
                delta, Optional.of(TestModels.tiny("base")), Optional.of(TestModels.tiny("user-c")), 2, Progress.NONE);
    }

    @Test
    void applyingTwiceAsManyPlanesComesCloser() throws IOException {
        double last = 1;
        for (int bits = 1; bits <= 4; bits++) {
            CompressReport report = DeltaCompressor.compress(
                    TestModels.tiny("base"),
                    TestModels.tiny("user-a"),
                    folder.resolve("delta" + bits),
                    CompressOptions.defaults().withBits(bits),
                    Progress.NONE);
            assertThat(report.relativeError()).isLessThan(last);
            last = report.relativeError();
        }
        assertThat(last).isLessThan(0.15);
    }

    @Test
    void applyRebuildsACheckpointWhoseOwnDeltaToTheBaseHasTheSameSigns() throws IOException {
        Path delta = compress("user-a", "delta", CompressOptions.defaults());
        Path rebuilt = folder.resolve("rebuilt");
        ApplyReport report = DeltaApplier.apply(delta, TestModels.tiny("base"), rebuilt);
        assertThat(report.changed()).isEqualTo(report.tensors());
        assertThat(rebuilt.resolve("config.json")).exists();
        assertThat(rebuilt.resolve("tokenizer.json")).exists();
        Path again = folder.resolve("again");
        DeltaCompressor.compress(TestModels.tiny("user-a"), rebuilt, again, CompressOptions.defaults(), Progress.NONE);
        assertThat(DeltaInspector.header(again).kinds()).containsOnlyKeys("sign");
    }
}
