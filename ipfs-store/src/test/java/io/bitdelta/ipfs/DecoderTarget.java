package io.bitdelta.ipfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.MemoryBlockstore;
import io.bitdelta.ipfs.car.CarReader;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import io.bitdelta.ipfs.cid.InvalidCidException;
import io.bitdelta.ipfs.dagcbor.CborNode;
import io.bitdelta.ipfs.dagcbor.MalformedCborException;
import io.bitdelta.ipfs.kubo.AnswerTarget;
import io.bitdelta.ipfs.unixfs.DagLimits;
import io.bitdelta.ipfs.unixfs.DagWalk;
import io.bitdelta.ipfs.unixfs.Folder;
import io.bitdelta.ipfs.unixfs.Hashing;
import io.bitdelta.ipfs.unixfs.ImportProfile;
import io.bitdelta.ipfs.unixfs.PathResolver;
import io.bitdelta.ipfs.unixfs.PbLink;
import io.bitdelta.ipfs.unixfs.PbNode;
import io.bitdelta.ipfs.unixfs.UnixFsImporter;
import io.bitdelta.ipfs.unixfs.UnixFsReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Every decoder of untrusted bytes. The outcome of decoding is a value or a named refusal; anything else is thrown: another
 * exception, an endless loop, a large allocation.
 */
enum DecoderTarget {
    /** Identifiers as text. */
    CID_TEXT,
    /** Identifiers as bytes. */
    CID_BYTES,
    /** Nodes, and files, folders and paths made of them. */
    DAG_PB,
    /** What nodes say about files and folders; the first byte is how many good blocks the node links to. */
    UNIXFS,
    /** Documents and their links. */
    DAG_CBOR,
    /** Archives. */
    CAR,
    /** What a daemon says. */
    DAEMON_ANSWER;

    private static final DecoderTarget CHOSEN = valueOf(System.getProperty("bitdelta.target", "DAG_PB"));
    private static final DagLimits LIMITS = new DagLimits(1 << 20, 32, 1000);

    /** Neighbours that a hostile node may link to. */
    private static final List<Block> GOOD = good();

    /** As folders and their shards name links. */
    private static final List<String> NAMES = List.of("", "", "00", "01a", "02", "a", "b");

    private static List<Block> good() {
        try {
            MemoryBlockstore store = new MemoryBlockstore();
            Cid root = new UnixFsImporter(store, new ImportProfile("fuzz", 50, 3, true, 1), Hashing.PLAIN)
                    .importStream(new ByteArrayInputStream(Pattern.bytes(400)), Progress.NONE)
                    .root();
            List<Block> blocks = new ArrayList<>();
            for (Cid cid : new DagWalk(store, DagLimits.DEFAULT).closure(root)) {
                blocks.add(store.require(cid));
            }
            return blocks;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Called by a coverage-guided fuzzer; the property {@code bitdelta.target} names the decoder. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        CHOSEN.decode(input);
    }

    /** Decodes in every way there is. */
    void decode(byte[] input) throws IOException {
        switch (this) {
            case CID_TEXT -> {
                try {
                    Cid cid = Cid.parse(new String(input, StandardCharsets.ISO_8859_1));
                    assertThat(Cid.parse(cid.toString())).isEqualTo(cid);
                } catch (InvalidCidException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
            case CID_BYTES -> {
                try {
                    assertThat(Cid.ofBytes(input).bytes()).isEqualTo(input);
                } catch (InvalidCidException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
            case DAG_PB -> graph(Block.of(Codec.DAG_PB, input));
            case UNIXFS -> {
                if (input.length > 0) {
                    List<PbLink> links = new ArrayList<>();
                    for (int i = 0; i < (input[0] & 7); i++) {
                        Block good = GOOD.get(i % GOOD.size());
                        links.add(new PbLink(good.cid(), NAMES.get(i), good.size()));
                    }
                    byte[] data = Arrays.copyOfRange(input, 1, input.length);
                    graph(Block.of(Codec.DAG_PB, new PbNode(links, data).encode()));
                }
            }
            case DAG_CBOR -> {
                try {
                    CborNode.decode(input).links();
                } catch (MalformedCborException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
                graph(Block.of(Codec.DAG_CBOR, input));
            }
            case CAR -> {
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
            case DAEMON_ANSWER -> AnswerTarget.read(input);
        }
    }

    /** Reads a hostile node in every way there is; its good neighbours are in the store. */
    private static void graph(Block hostile) {
        MemoryBlockstore store = new MemoryBlockstore();
        for (Block good : GOOD) {
            store.put(good);
        }
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
}
