package io.bitdelta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.engine.EngineInputException;
import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.MalformedSafetensorsException;
import io.bitdelta.engine.tensor.MissingCheckpointException;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.tensor.UnknownDtypeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not what they claim: each gives a typed error that names the file and the place. */
class HostileFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"a\":1}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}x",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,5]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[100],\"data_offsets\":[0,400]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"more\":1}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}",
                "{\"__metadata__\":{\"a\":1}}",
                "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}"
            })
    void aMalformedHeaderIsRefused(String header) {
        Path file = TestModels.withHeader(folder.resolve("x.safetensors"), header, 8);
        assertThatThrownBy(() -> Checkpoint.open(file))
                .isInstanceOf(MalformedSafetensorsException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void anUnknownDtypeIsNamed() {
        Path file = TestModels.withHeader(
                folder.resolve("x.safetensors"), "{\"w\":{\"dtype\":\"F7\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1);
        assertThatThrownBy(() -> Checkpoint.open(file))
                .isInstanceOf(UnknownDtypeException.class)
                .hasMessageContaining("F7")
                .hasMessageContaining("tensor w");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, Long.MAX_VALUE, 1L << 40, 100})
    void aHeaderLengthBeyondTheFileIsRefused(long length) throws IOException {
        byte[] bytes = new byte[16];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        Path file = Files.write(folder.resolve("x.safetensors"), bytes);
        assertThatThrownBy(() -> Checkpoint.open(file)).isInstanceOf(MalformedSafetensorsException.class);
    }

    @Test
    void aFileOfAFewBytesIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("x.safetensors"), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> Checkpoint.open(file)).isInstanceOf(MalformedSafetensorsException.class);
    }

    @Test
    void aMissingPathIsNamed() {
        assertThatThrownBy(() -> Checkpoint.open(folder.resolve("nowhere")))
                .isInstanceOf(MissingCheckpointException.class)
                .hasMessageContaining("nowhere");
        assertThatThrownBy(() -> Checkpoint.open(folder)).isInstanceOf(MissingCheckpointException.class);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aWeightThatIsNotFiniteIsFoundWhereItIs(double value) throws IOException {
        Path base = new TestModels()
                .tensor("w", Dtype.F32, Shape.of(2, 2), 0, 0, 0, 0)
                .write(folder.resolve("base.safetensors"));
        Path finetuned = new TestModels()
                .tensor("w", Dtype.F32, Shape.of(2, 2), 0, 0, value, 1)
                .write(folder.resolve("finetuned.safetensors"));
        for (Granularity granularity :
                new Granularity[] {Granularity.TENSOR, Granularity.ROW, Granularity.COLUMN, Granularity.group(1)}) {
            CompressOptions options = CompressOptions.defaults().withGranularity(granularity);
            assertThatThrownBy(() ->
                            DeltaCompressor.compress(base, finetuned, folder.resolve("delta"), options, Progress.NONE))
                    .isInstanceOf(NonFiniteWeightException.class)
                    .hasMessageContaining("finetuned.safetensors, tensor w, element 2 ");
        }
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("base.safetensors", "finetuned.safetensors");
    }

    @Test
    void shapesThatDifferAreNamedAndNothingIsLeftBehind() {
        Path base = new TestModels()
                .tensor("w", Dtype.F32, Shape.of(2, 2), 0, 0, 0, 0)
                .write(folder.resolve("base.safetensors"));
        Path finetuned = new TestModels()
                .tensor("w", Dtype.F32, Shape.of(1, 4), 0, 0, 1, 1)
                .write(folder.resolve("finetuned.safetensors"));
        assertThatThrownBy(() -> DeltaCompressor.compress(
                        base, finetuned, folder.resolve("delta"), CompressOptions.defaults(), Progress.NONE))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("[2,2]")
                .hasMessageContaining("[1,4]");
        assertThat(folder.resolve("delta")).doesNotExist();
    }

    @Test
    void everyFlippedByteOfADeltasHeaderOrScalesIsRefusedOrChangesItsHash() throws IOException {
        Path good = tinyDelta();
        byte[] bytes = Files.readAllBytes(good);
        String hash;
        try (DeltaFile delta = DeltaFile.open(good)) {
            hash = delta.fileHash().hex();
        }
        int refused = 0;
        for (int at = 0; at < bytes.length; at++) {
            for (int bit = at & 7; bit < 8; bit += 8) {
                bytes[at] ^= (byte) (1 << bit);
                Path bad = Files.write(folder.resolve("bad"), bytes);
                try (DeltaFile delta = DeltaFile.open(bad)) {
                    assertThat(delta.fileHash().hex()).isNotEqualTo(hash);
                } catch (EngineInputException e) {
                    assertThat(e).hasMessageContaining("bad");
                    refused++;
                }
                bytes[at] ^= (byte) (1 << bit);
            }
        }
        assertThat(refused).isGreaterThan(400);
    }

    private Path tinyDelta() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                HostileFileTest.class.getResourceAsStream("/formats/tiny.bitdelta.safetensors"))) {
            return Files.write(folder.resolve("good"), in.readAllBytes());
        }
    }

    @Test
    void everyTruncationOfADeltaIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(tinyDelta());
        for (int length = 0; length < bytes.length; length++) {
            Path bad = Files.write(folder.resolve("bad"), Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> DeltaFile.open(bad)).isInstanceOf(EngineInputException.class);
        }
        Path longer = Files.write(folder.resolve("bad"), Arrays.copyOf(bytes, bytes.length + 1));
        assertThatThrownBy(() -> DeltaFile.open(longer)).isInstanceOf(EngineInputException.class);
    }

    @Test
    void aCheckpointIsNotADelta() {
        assertThatThrownBy(() -> DeltaFile.open(TestModels.tiny("base").resolve("model.safetensors")))
                .isInstanceOf(MalformedDeltaException.class)
                .hasMessageContaining("is it a checkpoint?");
    }
}
