package io.bitdelta.ipfs.unixfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.ipfs.Progress;
import io.bitdelta.ipfs.Shared;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockTooLargeException;
import io.bitdelta.ipfs.block.MemoryBlockstore;
import io.bitdelta.ipfs.car.CarReader;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FolderTest {
    @TempDir
    private Path folder;

    @TempDir
    private Path outside;

    private final MemoryBlockstore store = new MemoryBlockstore();

    @Test
    void theEmptyFolderHasItsWellKnownIdentifier() throws IOException {
        assertThat(add(ImportProfile.UNIXFS_V1_2025))
                .hasToString("bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354");
        assertThat(add(ImportProfile.CIDV0)).hasToString("QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn");
    }

    @Test
    void aKnownFolderHasItsKnownIdentifier() throws IOException {
        Path fixture = Shared.require("vectors/ipfs/gateway/subdir-with-two-single-block-files.car");
        MemoryBlockstore known = new MemoryBlockstore();
        Cid root;
        try (InputStream in = Files.newInputStream(fixture)) {
            CarReader reader = new CarReader(in);
            root = reader.roots().getFirst();
            for (Optional<Block> block = reader.next(); block.isPresent(); block = reader.next()) {
                known.put(block.get());
            }
        }
        Path target = folder.resolve("tree");
        new Folder(known).write(root, target, 1 << 20);
        assertThat(new FolderImporter(store, ImportProfile.UNIXFS_V1_2025, Hashing.PLAIN)
                        .importFolder(target, Progress.NONE)
                        .root())
                .isEqualTo(root);
    }

    @Test
    void theOrderOfEntriesIsThatOfTheirNamesBytes() throws IOException {
        for (String name : new String[] {"b", "a", "Z", "é", "aa", ".hidden"}) {
            Files.writeString(folder.resolve(name), name);
        }
        assertThat(new Folder(store).entries(add(ImportProfile.UNIXFS_V1_2025)))
                .extracting(Folder.Entry::name)
                .containsExactly(".hidden", "Z", "a", "aa", "b", "é");
    }

    @Test
    void aNameThatWouldLeaveTheFolderIsRefused() throws IOException {
        Block leaf = Block.raw(new byte[] {1});
        store.put(leaf);
        for (String name : new String[] {"..", ".", "", "a/b", "/etc", "a\\b", "a\0b"}) {
            Block hostile = Block.of(
                    Codec.DAG_PB,
                    new PbNode(
                                    List.of(new PbLink(leaf.cid(), name, 1)),
                                    UnixFsData.directory().encode())
                            .encode());
            store.put(hostile);
            assertThatThrownBy(() ->
                            new Folder(store).write(hostile.cid(), folder.resolve("out" + name.hashCode()), 1 << 20))
                    .isInstanceOf(MalformedNodeException.class);
        }
    }

    @Test
    void symbolicLinksAreKeptAndNotFollowed() throws IOException {
        Path inner = Files.createDirectories(folder.resolve("a/b"));
        Files.createSymbolicLink(folder.resolve("link"), Path.of("absent"));
        Files.createSymbolicLink(inner.resolve("up"), Path.of("../../link"));
        Cid cid = add(ImportProfile.UNIXFS_V1_2025);
        Path out = outside.resolve("out");
        new Folder(store).write(cid, out, 1 << 20);
        assertThat(Files.readSymbolicLink(out.resolve("link"))).isEqualTo(Path.of("absent"));
        assertThat(Files.readSymbolicLink(out.resolve("a/b/up"))).isEqualTo(Path.of("../../link"));
        assertThat(new FolderImporter(store, ImportProfile.UNIXFS_V1_2025, Hashing.PLAIN)
                        .importFolder(out, Progress.NONE)
                        .root())
                .isEqualTo(cid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "..", "../x", "a/../../x", "x/..", "../../../x", "\\x", "a\0b", ""})
    void aLinkThatCouldLeadOutOfTheFolderIsRefused(String target) throws IOException {
        Block link = node(UnixFsData.symlink(target.getBytes(StandardCharsets.UTF_8)));
        Block hostile = node(UnixFsData.directory(), new PbLink(link.cid(), "link", 1));
        assertThatThrownBy(() -> new Folder(store).write(hostile.cid(), outside.resolve("out"), 1 << 20))
                .isInstanceOf(NotAFileException.class)
                .hasMessageContaining("symbolic link");
        assertThatThrownBy(() -> new Folder(store).write(link.cid(), outside.resolve("alone"), 1 << 20))
                .isInstanceOf(NotAFileException.class);
    }

    @Test
    void nothingIsWrittenThroughALink() throws IOException {
        Block leaf = Block.raw(new byte[] {1});
        store.put(leaf);
        Block link = node(UnixFsData.symlink("elsewhere".getBytes(StandardCharsets.UTF_8)));
        Block inner = node(UnixFsData.directory(), new PbLink(leaf.cid(), "file", 1));
        Block target = node(UnixFsData.directory());
        for (Block second : List.of(inner, leaf)) {
            Block hostile = node(
                    UnixFsData.directory(),
                    new PbLink(target.cid(), "elsewhere", 1),
                    new PbLink(link.cid(), "name", 1),
                    new PbLink(second.cid(), "name", 1));
            Path out = outside.resolve("out" + second.size());
            assertThatThrownBy(() -> new Folder(store).write(hostile.cid(), out, 1 << 20))
                    .isInstanceOf(FileAlreadyExistsException.class);
            assertThat(out.resolve("elsewhere")).isEmptyDirectory();
        }
    }

    private Block node(UnixFsData data, PbLink... links) throws IOException {
        Block block = Block.of(Codec.DAG_PB, new PbNode(List.of(links), data.encode()).encode());
        store.put(block);
        return block;
    }

    @Test
    void aFolderTooLargeForOneNodeIsRefused() throws IOException {
        for (int i = 0; i < 3000; i++) {
            Files.createFile(folder.resolve("a rather long name to fill the node sooner, number " + i));
        }
        assertThatThrownBy(() -> add(ImportProfile.UNIXFS_V1_2025))
                .isInstanceOf(BlockTooLargeException.class)
                .hasMessageContaining("3000 entries");
    }

    @Test
    void aFolderThatUnfoldsWithoutEndIsRefusedBeforeAnythingIsWritten() throws IOException {
        Block file = Block.raw(new byte[1000]);
        store.put(file);
        Cid inner = file.cid();
        for (int depth = 0; depth < 60; depth++) {
            Block node = Block.of(
                    Codec.DAG_PB,
                    new PbNode(
                                    List.of(new PbLink(inner, "a", 1), new PbLink(inner, "b", 1)),
                                    UnixFsData.directory().encode())
                            .encode());
            store.put(node);
            inner = node.cid();
            if (depth == 9) {
                Cid thousand = inner;
                assertThatThrownBy(() -> new Folder(store).write(thousand, folder.resolve("large"), 1_000_000))
                        .isInstanceOf(DagLimitException.class)
                        .hasMessageContaining("1024000");
            }
        }
        Cid bomb = inner;
        assertThatThrownBy(() -> new Folder(store).write(bomb, folder.resolve("bomb"), Long.MAX_VALUE))
                .isInstanceOf(DagLimitException.class)
                .hasMessageContaining("files and folders");
        assertThat(folder).isEmptyDirectory();
    }

    private Cid add(ImportProfile profile) throws IOException {
        return new FolderImporter(store, profile, Hashing.PLAIN)
                .importFolder(folder, Progress.NONE)
                .root();
    }
}
