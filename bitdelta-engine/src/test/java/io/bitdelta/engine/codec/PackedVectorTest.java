package io.bitdelta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.commit.DeltaCommitment;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.soup.MajoritySoup;
import io.bitdelta.engine.soup.SoupRule;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** FORMAT-PACKED.md against {@code packed_vectors.py}, which was written from its text, and against files that break it. */
class PackedVectorTest {
    private static final CompressOptions SMALLEST = CompressOptions.defaults().withPacking(Dtype.U8);

    @TempDir
    private Path folder;

    private static JsonNode vectors() throws IOException {
        try (InputStream in = PackedVectorTest.class.getResourceAsStream("/packed-vectors.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        }
    }

    static Stream<JsonNode> files() throws IOException {
        return StreamSupport.stream(vectors().path("files").spliterator(), false);
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyByteAndEveryWeightIsThatOfTheIndependentScript(JsonNode vector) throws IOException {
        Shape shape =
                Shape.of(vector.path("rows").intValue(), vector.path("cols").intValue());
        Path base = new TestModels()
                .tensor("w", Dtype.F32, shape, numbers(vector.path("base")))
                .write(folder.resolve("base.safetensors"));
        Path fine = new TestModels()
                .tensor("w", Dtype.F32, shape, numbers(vector.path("fine")))
                .write(folder.resolve("fine.safetensors"));
        Path out = folder.resolve("packed");
        CompressOptions options = CompressOptions.defaults()
                .withPacking(Dtype.named(vector.path("kind").stringValue()).orElseThrow())
                .withBits(vector.path("bits").intValue())
                .withRest(RestPolicy.ONEBIT);
        DeltaCompressor.compress(base, fine, out, options, Progress.NONE);
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(out)))
                .isEqualTo(vector.path("file").stringValue());
        DeltaApplier.apply(out, base, folder.resolve("rebuilt"));
        try (Checkpoint rebuilt = Checkpoint.open(folder.resolve("rebuilt"))) {
            assertThat(TestModels.numbers(rebuilt.tensor("w").orElseThrow()))
                    .isEqualTo(numbers(vector.path("applied")));
        }
    }

    @Test
    void everyByteStandsForItsNumber() throws IOException {
        double[] values = numbers(vectors().path("values"));
        for (int code = 0; code < 256; code++) {
            MemorySegment stored = MemorySegment.ofArray(new byte[] {(byte) code});
            float value = ScaleCodec.read(Dtype.U8, stored, 0);
            if (code < values.length) {
                assertThat((double) value).isEqualTo(values[code]);
                assertThat(ScaleCodec.rounded(Dtype.U8, value)).isEqualTo(value);
            } else {
                assertThat(value).isNaN();
            }
        }
        for (JsonNode vector : vectors().path("codes")) {
            byte[] stored = new byte[1];
            double scale = vector.path("scale").doubleValue();
            assertThat((double) ScaleCodec.rounded(Dtype.U8, scale))
                    .isEqualTo(vector.path("value").doubleValue());
            ScaleCodec.write(Dtype.U8, MemorySegment.ofArray(stored), 0, (float)
                    vector.path("value").doubleValue());
            assertThat(stored[0] & 0xFF).isEqualTo(vector.path("code").intValue());
        }
    }

    @Property(tries = 200)
    void aScaleIsOffByASixteenthAtMost(
            @ForAll @DoubleRange(min = 1, max = 2) double size, @ForAll @IntRange(min = -26, max = 2) int exponent) {
        double scale = Math.scalb(size, exponent);
        assertThat((double) ScaleCodec.rounded(Dtype.U8, scale)).isCloseTo(scale, within(scale / 16 * 1.0001));
    }

    private Path compress(String name, CompressOptions options) throws IOException {
        Path out = folder.resolve(name);
        DeltaCompressor.compress(TestModels.tiny("base"), TestModels.tiny("user-a"), out, options, Progress.NONE);
        return out;
    }

    /** The layout's objects, the signs and the values are the same, so what a contract can be shown is the same. */
    @ParameterizedTest
    @CsvSource({"F32", "F16"})
    void aPackedAndAPlainFileOfTheSameScalesHaveTheSameLeaves(Dtype type) throws IOException {
        CompressOptions form = CompressOptions.defaults().withBits(2).withRest(RestPolicy.ONEBIT);
        Path plain = compress("plain", form.withScaleType(type));
        Path packed = compress("packed", form.withPacking(type));
        assertThat(Files.size(packed)).isLessThan(Files.size(plain) - 10_000);
        try (DeltaFile one = DeltaFile.open(plain);
                DeltaFile other = DeltaFile.open(packed)) {
            DeltaCommitment of = DeltaCommitment.of(one, new byte[20], Hash32.ZERO);
            DeltaCommitment same = DeltaCommitment.of(other, new byte[20], Hash32.ZERO);
            assertThat(same.signsRoot()).isEqualTo(of.signsRoot());
            assertThat(same.scalesRoot()).isEqualTo(of.scalesRoot());
            assertThat(same.layoutHash()).isEqualTo(of.layoutHash());
            assertThat(same.deltaRoot()).isNotEqualTo(of.deltaRoot());
            assertThat(other.header().entries()).isEqualTo(one.header().entries());
        }
    }

    /** The target of the quality table: fifteen times smaller than the checkpoint, with a scale for every row. */
    @Test
    void withEverythingAtOneBitItIsFifteenTimesSmaller() throws IOException {
        Path packed = compress("packed", SMALLEST.withRest(RestPolicy.ONEBIT));
        long whole = Files.size(TestModels.tiny("user-a").resolve("model.safetensors"));
        assertThat((double) whole / Files.size(packed)).isGreaterThan(15);
    }

    @Test
    void aSoupOfPackedMembersIsPlainAndTheirMergeIsPacked() throws IOException {
        Path a = compress("a", SMALLEST);
        Path b = folder.resolve("b");
        DeltaCompressor.compress(TestModels.tiny("base"), TestModels.tiny("user-b"), b, SMALLEST, Progress.NONE);
        MajoritySoup.mix(List.of(a, b), folder.resolve("soup"), SoupRule.MAJORITY, 0);
        assertThat(packing(folder.resolve("soup"))).isEmpty();
        Path ones = compress("ones", SMALLEST.withRest(RestPolicy.BASE).withPatterns(List.of(), List.of("*q_proj*")));
        Path rest = folder.resolve("rest");
        DeltaCompressor.compress(
                TestModels.tiny("base"),
                TestModels.tiny("user-b"),
                rest,
                SMALLEST.withRest(RestPolicy.BASE).withPatterns(List.of(), List.of("*k_proj*")),
                Progress.NONE);
        DeltaMerger.merge(List.of(ones, rest), folder.resolve("merged"), 1);
        assertThat(packing(folder.resolve("merged"))).contains(Dtype.U8);
    }

    /** What is packed in one way only comes out of a merge with scales that every reader knows, and the same values. */
    @Test
    void aMergeOfPackedAndPlainIsPlainWithTheSameNumbers() throws IOException {
        CompressOptions all = CompressOptions.defaults().withRest(RestPolicy.BASE);
        Path packed = compress("packed", all.withPacking(Dtype.U8).withPatterns(List.of(), List.of("*q_proj*")));
        Path plain =
                compress("plain", all.withPatterns(List.of(), List.of("*k_proj*", "*o_proj*", "*v_proj*", "*mlp*")));
        Path merged = folder.resolve("merged");
        DeltaMerger.merge(List.of(packed, plain), merged, 1);
        assertThat(packing(merged)).isEmpty();
        try (DeltaFile from = DeltaFile.open(packed);
                DeltaFile into = DeltaFile.open(merged)) {
            LayoutEntry.Sign some = from.header().signs().getFirst();
            assertThat(from.scaleType(some)).isEqualTo(Dtype.U8);
            assertThat(into.scaleType(some)).isEqualTo(Dtype.F32);
            assertThat(into.scales(some, 0)).isEqualTo(from.scales(some, 0));
        }
    }

    private static Optional<Dtype> packing(Path file) throws IOException {
        return DeltaFile.readHeader(file).metadata().packing();
    }

    private Path tiny() throws IOException {
        Path base = new TestModels()
                .tensor("w", Dtype.F32, Shape.of(2, 3), 0, 0, 0, 0, 0, 0)
                .write(folder.resolve("base.safetensors"));
        Path fine = new TestModels()
                .tensor("w", Dtype.F32, Shape.of(2, 3), .5, -.25, 0, -1, 1, .25)
                .write(folder.resolve("fine.safetensors"));
        Path out = folder.resolve("tiny");
        DeltaCompressor.compress(base, fine, out, SMALLEST.withRest(RestPolicy.ONEBIT), Progress.NONE);
        return out;
    }

    @ParameterizedTest
    @ValueSource(ints = {251, 255})
    void aByteThatStandsForNothingIsRefused(int code) throws IOException {
        Path file = tiny();
        byte[] bytes = Files.readAllBytes(file);
        // w.scale sorts before w.sign: the first byte of the data is the first scale.
        bytes[
                Math.toIntExact(ByteBuffer.wrap(bytes)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getLong())
                        + Long.BYTES] = (byte) code;
        Files.write(file, bytes);
        assertThatThrownBy(() -> DeltaFile.open(file))
                .isInstanceOf(MalformedDeltaException.class)
                .hasMessageContaining("w.scale")
                .hasMessageContaining("NaN");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"packed\":\"U8\"', '\"packed\":\"U7\"', U7",
        "'\"packed\":\"U8\"', '\"packed\":\"I8\"', I8",
        "'\"packed\":\"U8\"', '\"packed\":\"F16\"', canonical",
        "'\"packed\":\"U8\",', '', missing",
        "'\"packed\":\"U8\"', '\"pocked\":\"U8\"', pocked",
        "'\"packed\":{', '\"pocked\":{', canonical",
        "mean-abs, vote, soup",
    })
    void aHeaderThatSaysAnotherThingIsRefused(String from, String to, String named) throws IOException {
        Path file = tiny();
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertThat(text).contains(from);
        String changed = text.replace(from, to);
        byte[] bytes = changed.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer whole = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        whole.putLong(0, whole.getLong(0) + to.length() - from.length());
        Files.write(file, bytes);
        assertThatThrownBy(() -> DeltaFile.open(file))
                .isInstanceOf(MalformedDeltaException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(named);
    }

    /** Readers from before packed files know eight keys of metadata: the ninth is what they refuse, by its name. */
    @Test
    void theMarkerIsAKeyOfTheMetadataThatAPlainFileDoesNotHave() throws IOException {
        String packed = new String(Files.readAllBytes(tiny()), StandardCharsets.ISO_8859_1);
        assertThat(packed).contains(",\"packed\":\"U8\",").contains("\"version\":\"1\"");
        Path plain = folder.resolve("plain");
        DeltaCompressor.compress(
                folder.resolve("base.safetensors"),
                folder.resolve("fine.safetensors"),
                plain,
                CompressOptions.defaults().withRest(RestPolicy.ONEBIT),
                Progress.NONE);
        assertThat(new String(Files.readAllBytes(plain), StandardCharsets.ISO_8859_1))
                .doesNotContain("packed");
    }

    @Test
    void aPlainFileHasNoScalesOfAByte() {
        assertThatThrownBy(() -> CompressOptions.defaults().withScaleType(Dtype.U8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("packed");
    }
}
