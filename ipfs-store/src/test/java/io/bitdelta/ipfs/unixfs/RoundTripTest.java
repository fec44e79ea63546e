package io.bitdelta.ipfs.unixfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.ipfs.Pattern;
import io.bitdelta.ipfs.PortionSha256;
import io.bitdelta.ipfs.Progress;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockNotFoundException;
import io.bitdelta.ipfs.block.MemoryBlockstore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import io.bitdelta.ipfs.cid.Sha256Batch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class RoundTripTest {

    @Property(tries = 200)
    void whatWasImportedIsReadBack(
            @ForAll @Size(max = 3000) byte[] content,
            @ForAll @IntRange(min = 1, max = 64) int chunk,
            @ForAll @IntRange(min = 2, max = 5) int links,
            @ForAll boolean raw)
            throws IOException {
        MemoryBlockstore store = new MemoryBlockstore();
        Cid root = importTo(store, content, new ImportProfile("test", chunk, links, raw, 1));
        UnixFsReader reader = new UnixFsReader(store);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(reader.copyTo(root, out)).isEqualTo(content.length);
        assertThat(out.toByteArray()).isEqualTo(content);
        assertThat(reader.size(root)).isEqualTo(content.length);
    }

    @Property(tries = 200)
    void everyRangeIsThatOfTheContent(
            @ForAll @IntRange(max = 2000) int size,
            @ForAll @IntRange(max = 2100) int offset,
            @ForAll @IntRange(max = 2100) int length)
            throws IOException {
        MemoryBlockstore store = new MemoryBlockstore();
        byte[] content = Pattern.bytes(size);
        Cid root = importTo(store, content, new ImportProfile("test", 16, 3, true, 1));
        byte[] expected =
                offset >= size ? new byte[0] : Arrays.copyOfRange(content, offset, Math.min(size, offset + length));
        assertThat(new UnixFsReader(store).read(root, offset, length)).isEqualTo(expected);
    }

    @Property(tries = 200)
    void theWayOfHashingDoesNotChangeTheIdentifier(
            @ForAll @IntRange(max = 3000) int size,
            @ForAll @IntRange(min = 1, max = 4) int threads,
            @ForAll @IntRange(min = 1, max = 17) int atOnce,
            @ForAll boolean raw,
            @ForAll boolean old)
            throws IOException {
        ImportProfile profile = new ImportProfile("test", 64, 4, raw && !old, old ? 0 : 1);
        byte[] content = Pattern.bytes(size);
        MemoryBlockstore store = new MemoryBlockstore();
        ImportResult plain = importer(new MemoryBlockstore(), profile, Hashing.PLAIN)
                .importStream(new ByteArrayInputStream(content), Progress.NONE);
        long[] progress = new long[1];
        ImportResult other = importer(store, profile, new Hashing(threads, new PortionSha256(atOnce)))
                .importStream(new ByteArrayInputStream(content), bytes -> progress[0] += bytes);
        assertThat(other).isEqualTo(plain);
        assertThat(progress[0]).isEqualTo(size);
        assertThat(new UnixFsReader(store).read(other.root(), 0, size)).isEqualTo(content);
    }

    @Property(tries = 50)
    void aWrongHashFunctionIsNoticed(
            @ForAll @IntRange(min = 1, max = 3) int threads, @ForAll @IntRange(min = 2, max = 16) int atOnce) {
        Sha256Batch wrong = new Sha256Batch() {
            @Override
            public int atOnce() {
                return atOnce;
            }

            @Override
            public List<byte[]> hash(List<byte[]> messages) {
                return PLATFORM.hash(messages.stream()
                        .map(each -> Arrays.copyOf(each, each.length + 1))
                        .toList());
            }
        };
        UnixFsImporter importer = importer(
                new MemoryBlockstore(), new ImportProfile("test", 64, 4, true, 1), new Hashing(threads, wrong));
        assertThatThrownBy(() -> importer.importStream(new ByteArrayInputStream(Pattern.bytes(3000)), Progress.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the platform gives");
    }

    @Property(tries = 50)
    void aSourceThatBreaksEndsTheImportWithItsOwnFailure(
            @ForAll @IntRange(min = 1, max = 4) int threads,
            @ForAll @IntRange(min = 1, max = 4) int atOnce,
            @ForAll @IntRange(max = 2000) int good) {
        InputStream source = new SequenceInputStream(new ByteArrayInputStream(Pattern.bytes(good)), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the source broke");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("the source broke");
            }
        });
        UnixFsImporter importer = importer(
                new MemoryBlockstore(),
                new ImportProfile("test", 64, 4, true, 1),
                new Hashing(threads, new PortionSha256(atOnce)));
        assertThatThrownBy(() -> importer.importStream(source, Progress.NONE)).hasMessage("the source broke");
    }

    @Test
    void aRangeNeedsOnlyItsOwnBlocks() throws IOException {
        MemoryBlockstore store = new MemoryBlockstore();
        byte[] content = Pattern.bytes(100);
        Cid root = importTo(store, content, new ImportProfile("test", 10, 4, true, 1));
        store.delete(Cid.ofRaw(Arrays.copyOfRange(content, 50, 60)));
        UnixFsReader reader = new UnixFsReader(store);
        assertThat(reader.read(root, 0, 50)).isEqualTo(Arrays.copyOf(content, 50));
        assertThat(reader.read(root, 60, 40)).isEqualTo(Arrays.copyOfRange(content, 60, 100));
        assertThatThrownBy(() -> reader.read(root, 49, 2)).isInstanceOf(BlockNotFoundException.class);
    }

    @Test
    void aNodeThatDeclaresOtherSizesThanItHasIsRefused() throws IOException {
        MemoryBlockstore store = new MemoryBlockstore();
        Block leaf = Block.raw(new byte[5]);
        store.put(leaf);
        Block liar = inner(6, new long[] {6}, leaf.cid());
        store.put(liar);
        assertThatThrownBy(() -> new UnixFsReader(store).copyTo(liar.cid(), new ByteArrayOutputStream()))
                .isInstanceOf(MalformedNodeException.class)
                .hasMessageContaining(leaf.cid().toString())
                .hasMessageContaining("5 bytes")
                .hasMessageContaining("6");
        Block sum = inner(7, new long[] {5}, leaf.cid());
        store.put(sum);
        assertThatThrownBy(() -> new UnixFsReader(store).size(sum.cid())).isInstanceOf(MalformedNodeException.class);
        Block counts = inner(5, new long[] {}, leaf.cid());
        store.put(counts);
        assertThatThrownBy(() -> new UnixFsReader(store).size(counts.cid())).isInstanceOf(MalformedNodeException.class);
    }

    @Test
    void aSelfSimilarDagIsRefusedBeforeAnyOfItsBytesAreWritten() throws IOException {
        MemoryBlockstore store = new MemoryBlockstore();
        Block node = Block.raw(new byte[1]);
        store.put(node);
        long bytes = 1;
        for (int depth = 0; depth < 6; depth++) {
            Cid[] links = new Cid[1000];
            long[] sizes = new long[1000];
            Arrays.fill(links, node.cid());
            Arrays.fill(sizes, bytes);
            bytes *= 1000;
            node = inner(bytes, sizes, links);
            store.put(node);
        }
        Cid bomb = node.cid();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThatThrownBy(() -> new UnixFsReader(store).copyTo(bomb, out))
                .isInstanceOf(DagLimitException.class)
                .hasMessageContaining("size in bytes");
        assertThat(out.size()).isZero();
        assertThat(new DagWalk(store, DagLimits.DEFAULT).closure(bomb)).hasSize(7);
    }

    @Test
    void aChainOfNodesWithoutEndIsCutOff() throws IOException {
        MemoryBlockstore store = new MemoryBlockstore();
        Block node = Block.raw(new byte[1]);
        store.put(node);
        for (int depth = 0; depth < 100; depth++) {
            node = inner(1, new long[] {1}, node.cid());
            store.put(node);
        }
        Cid chain = node.cid();
        assertThatThrownBy(() -> new UnixFsReader(store).copyTo(chain, new ByteArrayOutputStream()))
                .isInstanceOf(DagLimitException.class)
                .hasMessageContaining("depth");
        assertThatThrownBy(() -> new DagWalk(store, DagLimits.DEFAULT).closure(chain))
                .isInstanceOf(DagLimitException.class);
    }

    private static Block inner(long bytes, long[] sizes, Cid... links) throws IOException {
        List<PbLink> all =
                Arrays.stream(links).map(cid -> new PbLink(cid, "", 1)).toList();
        return Block.of(
                Codec.DAG_PB, new PbNode(all, UnixFsData.file(bytes, sizes).encode()).encode());
    }

    private static Cid importTo(MemoryBlockstore store, byte[] content, ImportProfile profile) throws IOException {
        return importer(store, profile, Hashing.PLAIN)
                .importStream(new ByteArrayInputStream(content), Progress.NONE)
                .root();
    }

    private static UnixFsImporter importer(MemoryBlockstore store, ImportProfile profile, Hashing hashing) {
        return new UnixFsImporter(store, profile, hashing);
    }
}
