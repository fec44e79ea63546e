package io.bitdelta.ipfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.MemoryBlockstore;
import io.bitdelta.ipfs.car.CarReader;
import io.bitdelta.ipfs.car.CarSelection;
import io.bitdelta.ipfs.car.CarWriter;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import io.bitdelta.ipfs.cid.InvalidCidException;
import io.bitdelta.ipfs.dagcbor.CborNode;
import io.bitdelta.ipfs.dagcbor.MalformedCborException;
import io.bitdelta.ipfs.unixfs.DagLimits;
import io.bitdelta.ipfs.unixfs.DagWalk;
import io.bitdelta.ipfs.unixfs.Folder;
import io.bitdelta.ipfs.unixfs.ImportProfile;
import io.bitdelta.ipfs.unixfs.PathResolver;
import io.bitdelta.ipfs.unixfs.PbNode;
import io.bitdelta.ipfs.unixfs.UnixFsImporter;
import io.bitdelta.ipfs.unixfs.UnixFsReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every decoder of untrusted bytes against mutations of good input: the outcome is a value or a named refusal, never
 * another exception, an endless loop or a large allocation.
 */
final class DecoderFuzzTest {
    private static final long SEED = 20261121;
    private static final int QUICK = 20_000;
    private static final DagLimits LIMITS = new DagLimits(1 << 20, 32, 1000);

    private static final byte[] CBOR = HexFormat.of()
            .parseHex("a363666f6f83010243aabbcc6562617a7a79fb3ff199999999999a646c696e6bd82a58250001551220"
                    + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    @Test
    void mutatedInputIsAValueOrANamedRefusal() throws IOException {
        fuzz(SEED, QUICK);
    }

    @Test
    @Tag("long")
    void mutatedInputForALongTime() throws IOException {
        fuzz(System.nanoTime(), 20_000_000);
    }

    private static void fuzz(long seed, int rounds) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        MemoryBlockstore store = new MemoryBlockstore();
        Cid root = new UnixFsImporter(store, new ImportProfile("fuzz", 50, 3, true, 1), 1)
                .importStream(new ByteArrayInputStream(Pattern.bytes(400)), Progress.NONE)
                .root();
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        CarWriter writer = new CarWriter(archive, List.of(root));
        CarSelection.ALL.walk(store, root, writer::write);
        byte[] node = store.require(root).data();
        byte[] text = root.toString().getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < rounds; i++) {
            byte[] input =
                    switch (i % 5) {
                        case 0 -> text;
                        case 1 -> root.bytes();
                        case 2 -> node;
                        case 3 -> CBOR;
                        default -> archive.toByteArray();
                    };
            byte[] mutated = mutate(input, random);
            try {
                decode(i % 5, mutated, store);
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError(
                        "seed " + seed + ", round " + i + ", input "
                                + HexFormat.of().formatHex(mutated),
                        e);
            }
        }
    }

    private static void decode(int kind, byte[] input, MemoryBlockstore store) throws IOException {
        switch (kind) {
            case 0 -> {
                try {
                    Cid cid = Cid.parse(new String(input, StandardCharsets.ISO_8859_1));
                    assertThat(Cid.parse(cid.toString())).isEqualTo(cid);
                } catch (InvalidCidException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
            case 1 -> {
                try {
                    assertThat(Cid.ofBytes(input).bytes()).isEqualTo(input);
                } catch (InvalidCidException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
            case 2 -> graph(Block.of(Codec.DAG_PB, input), store);
            case 3 -> {
                try {
                    CborNode.decode(input).links();
                } catch (MalformedCborException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
                graph(Block.of(Codec.DAG_CBOR, input), store);
            }
            default -> {
                try {
                    CarReader reader = new CarReader(new ByteArrayInputStream(input));
                    Optional<Block> block = reader.next();
                    while (block.isPresent()) {
                        block = reader.next();
                    }
                } catch (ContentException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
        }
    }

    /** Reads a hostile node in every way there is; its good neighbours are in the store. */
    private static void graph(Block hostile, MemoryBlockstore store) {
        store.put(hostile);
        Cid cid = hostile.cid();
        attempt(() -> {
            byte[] data = hostile.data();
            PbNode node = PbNode.decode(hostile);
            // Data before links is legal to read; everything else that decodes is canonical but for that.
            if (data.length > 0 && data[0] == 0x12) {
                PbNode again = PbNode.decode(Block.of(Codec.DAG_PB, node.encode()));
                assertThat(again).isEqualTo(node);
            }
        });
        attempt(() -> new UnixFsReader(store, LIMITS).copyTo(cid, OutputStream.nullOutputStream()));
        attempt(() -> new DagWalk(store, LIMITS).closure(cid));
        attempt(() -> new Folder(store).entries(cid));
        attempt(() -> new PathResolver(store).resolve(cid, List.of("a", "0", "b")));
        store.delete(cid);
    }

    @FunctionalInterface
    private interface Reading {
        void run() throws IOException;
    }

    private static void attempt(Reading reading) {
        try {
            reading.run();
        } catch (ContentException e) {
            assertThat(e.getMessage()).isNotBlank();
        } catch (IOException e) {
            throw new AssertionError("an unnamed failure", e);
        }
    }

    private static byte[] mutate(byte[] input, RandomGenerator random) {
        byte[] output = input.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && output.length > 0; i++) {
            int at = random.nextInt(output.length);
            switch (random.nextInt(5)) {
                case 0 -> output[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> output[at] = (byte) random.nextInt(256);
                case 2 -> output = Arrays.copyOf(output, at);
                case 3 -> {
                    byte[] longer = new byte[output.length + 1];
                    System.arraycopy(output, 0, longer, 0, at);
                    longer[at] = (byte) random.nextInt(256);
                    System.arraycopy(output, at, longer, at + 1, output.length - at);
                    output = longer;
                }
                default -> output[at] = random.nextBoolean() ? (byte) 0xff : 0x7f;
            }
        }
        return output;
    }
}
