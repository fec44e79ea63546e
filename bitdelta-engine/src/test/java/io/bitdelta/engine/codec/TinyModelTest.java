package io.bitdelta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.codec.InspectReport.TensorReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
