package io.bitdelta.ipfs.car;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.Pattern;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.HashMismatchException;
import io.bitdelta.ipfs.cid.Cid;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class CarTest {

    @Property(tries = 100)
    void whatIsWrittenIsRead(@ForAll @Size(max = 20) List<byte[]> contents, @ForAll @IntRange(max = 300) int roots)
            throws IOException {
        List<Cid> names = new ArrayList<>();
        for (int i = 0; i < roots; i++) {
            names.add(Cid.ofRaw(new byte[] {(byte) i}));
        }
        List<Block> blocks = new ArrayList<>();
        for (byte[] content : contents) {
            blocks.add(Block.raw(content));
        }
        CarReader reader = read(archive(names, blocks));
        assertThat(reader.roots()).isEqualTo(names);
        assertThat(rest(reader)).isEqualTo(blocks);
    }

    @Test
    void theHeaderIsTheKnownOne() throws IOException {
        Cid root = Cid.parse("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
        assertThat(HexFormat.of().formatHex(archive(List.of(root), List.of())))
                .isEqualTo(
                        "3aa265726f6f747381d82a582500" + HexFormat.of().formatHex(root.bytes()) + "6776657273696f6e01");
    }

    @Test
    void versionTwoIsRead() throws IOException {
        Block block = Block.raw(Pattern.bytes(100));
        byte[] data = archive(List.of(block.cid()), List.of(block));
        ByteBuffer two = ByteBuffer.allocate(51 + 9 + data.length + 13).order(ByteOrder.LITTLE_ENDIAN);
        two.put(HexFormat.of().parseHex("0aa16776657273696f6e02"));
        two.putLong(0).putLong(0).putLong(60).putLong(data.length).putLong(0);
        two.position(60).put(data).put(new byte[13]);
        assertThat(rest(read(two.array()))).containsExactly(block);
    }

    @Test
    void aWrongBlockIsFound() throws IOException {
        Block block = Block.raw(Pattern.bytes(100));
        byte[] bytes = archive(List.of(), List.of(block));
        bytes[bytes.length - 1] ^= 1;
        assertThatThrownBy(() -> rest(read(bytes)))
                .isInstanceOf(HashMismatchException.class)
                .hasMessageContaining(block.cid().toString());
    }

    @Test
    void everyTruncationIsFound() throws IOException {
        byte[] bytes = archive(List.of(Cid.ofRaw(new byte[1])), List.of(Block.raw(Pattern.bytes(10))));
        int header = bytes[0] + 1;
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            if (length == header) {
                assertThat(rest(read(cut))).isEmpty();
            } else {
                assertThatThrownBy(() -> rest(read(cut))).isInstanceOf(MalformedCarException.class);
            }
        }
    }

    @Test
    void hugeLengthsAreRefusedWithoutAllocation() {
        for (String hex : new String[] {"ffffffffffffffff7f", "80808004", "00", "ffffffffffffffffffff01", "8000"}) {
            assertThatThrownBy(() -> read(HexFormat.of().parseHex(hex))).isInstanceOf(MalformedCarException.class);
        }
    }

    @Property
    void anyBytesAreAnArchiveOrRefused(@ForAll @Size(max = 200) byte[] bytes) throws IOException {
        try {
            rest(read(bytes));
        } catch (ContentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static byte[] archive(List<Cid> roots, List<Block> blocks) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CarWriter writer = new CarWriter(bytes, roots);
        for (Block block : blocks) {
            writer.write(block);
        }
        return bytes.toByteArray();
    }

    private static CarReader read(byte[] bytes) throws IOException {
        return new CarReader(new ByteArrayInputStream(bytes));
    }

    private static List<Block> rest(CarReader reader) throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Optional<Block> block = reader.next(); block.isPresent(); block = reader.next()) {
            blocks.add(block.get());
        }
        return blocks;
    }
}
