package io.bitdelta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.tensor.WeightsHash;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The recipe of FORMAT-CORE.md against {@code core_vectors.py}, which was written from its text. */
class CoreVectorTest {
    @TempDir
    private Path folder;

    static Stream<JsonNode> cases() throws IOException {
        try (InputStream in = CoreVectorTest.class.getResourceAsStream("/core-vectors.json")) {
            return StreamSupport.stream(
                    JsonMapper.shared().readTree(Objects.requireNonNull(in)).spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void basisBytesAndResultAreThoseOfTheIndependentScript(JsonNode vector) throws IOException {
        int rows = vector.path("rows").intValue();
        int cols = vector.path("cols").intValue();
        int rank = vector.path("rank").intValue();
        int bits = vector.path("bits").intValue();
        Path base = base(vector);
        Path out = folder.resolve("core.bitdelta");
        try (Checkpoint checkpoint = Checkpoint.open(base);
                Workers workers = Workers.of(2)) {
            Tensor tensor = checkpoint.tensor("w").orElseThrow();
            CoreBasis basis = CoreBasis.of(tensor, rank, workers);
            assertThat(basis.b()).isEqualTo(floats(vector, "b"));
            assertThat(basis.a()).isEqualTo(floats(vector, "a"));
            assertThat(basis.id()).isEqualTo(vector.path("basis").stringValue());
            Hash32 hash = WeightsHash.of(checkpoint, workers, Progress.NONE);
            CoreWriter.write(
                    out,
                    hash,
                    "general",
                    List.of(new CoreWriter.Core("w", tensor.shape(), basis.id(), rank, floats(vector, "core"))),
                    bits,
                    1);
        }
        try (DeltaFile delta = DeltaFile.open(out)) {
            LayoutEntry.Core core = (LayoutEntry.Core) delta.layout().getFirst();
            byte[] stored = delta.entry(core.coreName()).data().toArray(ValueLayout.JAVA_BYTE);
            assertThat(HexFormat.of().formatHex(stored))
                    .isEqualTo(vector.path("stored").stringValue());
            assertThat(delta.core(core)).isEqualTo(floats(vector, "seen"));
        }
        DeltaApplier.apply(out, base, folder.resolve("rebuilt"));
        try (Checkpoint rebuilt = Checkpoint.open(folder.resolve("rebuilt"))) {
            Tensor tensor = rebuilt.tensor("w").orElseThrow();
            assertThat(tensor.shape()).isEqualTo(Shape.of(rows, cols));
            assertThat(tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)).isEqualTo(floats(vector, "applied"));
        }
    }

    @Test
    void aBasisThatTheBaseDoesNotGiveAndBytesOutOfRangeAreRefused() throws IOException {
        JsonNode vector = cases().skip(2).findFirst().orElseThrow();
        Path base = base(vector);
        Path out = folder.resolve("core.bitdelta");
        int rank = vector.path("rank").intValue();
        try (Checkpoint checkpoint = Checkpoint.open(base);
                Workers workers = Workers.of(1)) {
            Shape shape = checkpoint.tensor("w").orElseThrow().shape();
            Hash32 hash = WeightsHash.of(checkpoint, workers, Progress.NONE);
            List<CoreWriter.Core> cores =
                    List.of(new CoreWriter.Core("w", shape, "svd1:0x0123456789abcdef", rank, floats(vector, "core")));
            CoreWriter.write(out, hash, "general", cores, 4, 1);
            assertThat(Files.size(out)).isEqualTo(CoreWriter.bytes(hash, "general", cores, 4));
        }
        assertThatThrownBy(() -> DeltaApplier.apply(out, base, folder.resolve("rebuilt")))
                .isInstanceOf(MalformedDeltaException.class)
                .hasMessageContaining("0123456789abcdef");
        byte[] whole = Files.readAllBytes(out);
        int lastRow = whole.length - (2 + 2);
        whole[lastRow + 1] = (byte) 0x7C;
        Files.write(out, whole);
        assertThatThrownBy(() -> DeltaFile.open(out))
                .isInstanceOf(MalformedDeltaException.class)
                .hasMessageContaining("core");
        assertThat(DeltaVerifier.verify(out, Optional.empty(), Optional.empty(), 1, Progress.NONE)
                        .ok())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"12, 8, 95896", "16, 4, 94096", "22, 2, 97472", "30, 1, 98368", "14, 16, 146816"})
    void aSevenBillionShapedModelsArtifactHasTheseBytes(int rank, int bits, long bytes) {
        List<CoreWriter.Core> cores = new ArrayList<>();
        for (int layer = 0; layer < 32; layer++) {
            for (String module : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
                cores.add(core("model.layers." + layer + ".self_attn." + module + ".weight", 4096, 4096, rank));
            }
            cores.add(core("model.layers." + layer + ".mlp.gate_proj.weight", 11008, 4096, rank));
            cores.add(core("model.layers." + layer + ".mlp.up_proj.weight", 11008, 4096, rank));
            cores.add(core("model.layers." + layer + ".mlp.down_proj.weight", 4096, 11008, rank));
        }
        assertThat(CoreWriter.bytes(Hash32.ZERO, "general", cores, bits)).isEqualTo(bytes);
    }

    private static CoreWriter.Core core(String name, long rows, long columns, int rank) {
        return new CoreWriter.Core(name, Shape.of(rows, columns), "svd1:0x0123456789abcdef", rank, new float[0]);
    }

    @Property(tries = 100)
    void aRoundedCoreIsAFixedPointForBf16AndNeverFurtherThanTheRowsMagnitude(
            @ForAll @IntRange(min = 1, max = 9) int rank,
            @ForAll @IntRange(min = 1, max = 8) int bits,
            @ForAll long seed) {
        float[] core = new float[rank * rank];
        java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
        for (int i = 0; i < core.length; i++) {
            core[i] = (float) random.nextDouble(-1, 1);
        }
        float[] half = CoreCodes.rounded(core, rank, CoreCodes.BF16_BITS);
        assertThat(CoreCodes.rounded(half, rank, CoreCodes.BF16_BITS)).isEqualTo(half);
        float[] seen = CoreCodes.rounded(core, rank, bits);
        for (int row = 0; row < rank; row++) {
            double lost = 0;
            double energy = 0;
            for (int column = 0; column < rank; column++) {
                double exact = core[row * rank + column];
                lost += Math.pow(exact - seen[row * rank + column], 2);
                energy += exact * exact;
            }
            assertThat(lost).isLessThanOrEqualTo(energy * 1.001);
        }
    }

    private Path base(JsonNode vector) {
        byte[] bytes = HexFormat.of().parseHex(vector.path("base").stringValue());
        return new TestModels()
                .raw(
                        "w",
                        Dtype.F32,
                        Shape.of(
                                vector.path("rows").intValue(),
                                vector.path("cols").intValue()),
                        bytes)
                .write(folder.resolve("base.safetensors"));
    }

    private static float[] floats(JsonNode vector, String key) {
        return MemorySegment.ofArray(HexFormat.of().parseHex(vector.path(key).stringValue()))
                .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
}
