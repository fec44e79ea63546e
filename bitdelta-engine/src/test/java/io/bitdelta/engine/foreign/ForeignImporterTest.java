package io.bitdelta.engine.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.LayoutEntry;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignImporterTest {
    @TempDir
    private Path folder;

    private Path base;

    @BeforeEach
    void makeBase() {
        base = new TestModels()
                .tensor("p.weight", Dtype.F32, Shape.of(2, 32), new double[64])
                .tensor("norm.weight", Dtype.F32, Shape.of(2), 1, 1)
                .tensor("odd.weight", Dtype.F32, Shape.of(3, 3), new double[9])
                .write(folder.resolve("base.safetensors"));
    }

    private static byte[] little(int bytes, Consumer<ByteBuffer> fill) {
        byte[] array = new byte[bytes];
        fill.accept(ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN));
        return array;
    }

    /** The rank takes one byte in one layout and three in the other. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void eightOnesAndAMinusOnePackToTheDocumentedBytes(int rankBytes) throws IOException {
        byte[] blob = little(
                22 + rankBytes,
                b -> b.putInt(0x42444C54)
                        .putInt(9)
                        .putFloat(0.5f)
                        .put(new byte[] {2, 0, 0}, 0, rankBytes)
                        .putInt(3)
                        .putInt(3)
                        .put((byte) 0xFF)
                        .put((byte) 0));
        Path file = Files.write(folder.resolve("odd.bdlt"), blob);
        Path out = folder.resolve("delta");
        ForeignImporter.importBdlt(base, Map.of("odd.weight", file), out);
        try (DeltaFile delta = DeltaFile.open(out)) {
            LayoutEntry.Sign sign = delta.header().signs().getFirst();
            assertThat(delta.signs(sign, 0).toArray(ValueLayout.JAVA_BYTE)).containsExactly(7, 7, 3);
            assertThat(delta.scales(sign, 0)).containsExactly(0.5f);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void blobsThatLieAreRefused(int rankBytes) throws IOException {
        byte[] good = little(
                22 + rankBytes,
                b -> b.putInt(0x42444C54)
                        .putInt(9)
                        .putFloat(0.5f)
                        .put(new byte[] {2, 0, 0}, 0, rankBytes)
                        .putInt(3)
                        .putInt(3));
        for (int at = 0; at < 20 + rankBytes; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) 0x80;
            Path file = Files.write(folder.resolve("bad.bdlt"), bad);
            if (at >= 8 && at < 11) {
                continue; // the low bytes of the scale: another scale, as good as the first
            }
            assertThatThrownBy(() -> ForeignImporter.importBdlt(base, Map.of("odd.weight", file), folder.resolve("x")))
                    .as("byte " + at)
                    .isInstanceOf(MalformedForeignDeltaException.class);
        }
    }

    /** A pickle as torch.save writes it: {"p.mask": int32 [1, 2], "p.coeff": float32 [], "norm.weight": float32 [2]}. */
    private static byte[] pickle(String call) {
        StringBuilder text = new StringBuilder("\u0080\u0002}(");
        tensor(text, call, "p.mask", "IntStorage", "0", 2, new int[] {1, 2}, new int[] {2, 1});
        tensor(text, call, "p.coeff", "FloatStorage", "1", 1, new int[0], new int[0]);
        tensor(text, call, "norm.weight", "FloatStorage", "2", 2, new int[] {2}, new int[] {1});
        return text.append("u.").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void tensor(
            StringBuilder text,
            String call,
            String name,
            String type,
            String key,
            int count,
            int[] shape,
            int[] strides) {
        text(text, name);
        text.append("c").append(call).append("\n((");
        text(text, "storage");
        text.append("ctorch\n").append(type).append('\n');
        text(text, key);
        text(text, "cpu");
        text.append('K').append((char) count).append("tQK\0");
        tuple(text, shape);
        tuple(text, strides);
        text.append("\u0089ccollections\nOrderedDict\n)RtR");
    }

    private static void text(StringBuilder out, String value) {
        out.append('X').append((char) value.length()).append("\0\0\0").append(value);
    }

    private static void tuple(StringBuilder out, int[] values) {
        out.append('(');
        for (int value : values) {
            out.append('K').append((char) value);
        }
        out.append('t');
    }

    private Path archive(byte[] pickle) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            entry(zip, "diff/data.pkl", pickle);
            entry(zip, "diff/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
            entry(zip, "diff/data/0", little(8, b -> b.putInt(0x80000001).putInt(0xFFFFFFFF)));
            entry(zip, "diff/data/1", little(4, b -> b.putFloat(0.25f)));
            entry(zip, "diff/data/2", little(8, b -> b.putFloat(2).putFloat(3)));
        }
        return Files.write(folder.resolve("diff.pt"), bytes.toByteArray());
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    @Test
    void theReferenceArchivesMasksAreTransposedIntoRows() throws IOException {
        Path out = folder.resolve("delta");
        ForeignImporter.importTorch(base, archive(pickle("torch._utils\n_rebuild_tensor_v2")), out);
        try (DeltaFile delta = DeltaFile.open(out)) {
            LayoutEntry.Sign sign = delta.header().signs().getFirst();
            assertThat(sign.name()).isEqualTo("p.weight");
            assertThat(delta.signs(sign, 0).toArray(ValueLayout.JAVA_BYTE))
                    .containsExactly(1, 0, 0, (byte) 0x80, -1, -1, -1, -1);
            assertThat(delta.scales(sign, 0)).containsExactly(0.25f);
            LayoutEntry.Full norm = new LayoutEntry.Full("norm.weight", Dtype.F32, Shape.of(2));
            assertThat(delta.layout()).contains(norm);
            assertThat(delta.full(norm).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
                    .containsExactly(2, 3);
        }
    }

    @Test
    void aPickleThatCallsSomethingElseIsRefusedByName() throws IOException {
        Path archive = archive(pickle("os\nsystem"));
        assertThatThrownBy(() -> ForeignImporter.importTorch(base, archive, folder.resolve("x")))
                .isInstanceOf(MalformedForeignDeltaException.class)
                .hasMessageContaining("os.system");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void aBarePickleIsRefusedWithAdvice() throws IOException {
        Path bare = Files.write(folder.resolve("bare.pt"), pickle("torch._utils\n_rebuild_tensor_v2"));
        assertThatThrownBy(() -> ForeignImporter.importTorch(base, bare, folder.resolve("x")))
                .isInstanceOf(MalformedForeignDeltaException.class)
                .hasMessageContaining("save it again");
    }
}
