package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.Progress;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockBatch;
import io.bitdelta.ipfs.block.BlockTooLargeException;
import io.bitdelta.ipfs.block.Blockstore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Imports folders with everything in them, hidden files too. Entries stand in the order of their names' bytes, so the
 * result does not depend on the disk. Symbolic links are kept as such and not followed. A folder whose node has more than
 * {@link #MAX_FOLDER_BYTES} bytes is refused: sharded folders are read, not written.
 */
public final class FolderImporter {
    /** The largest folder node: where other implementations begin to shard. */
    public static final int MAX_FOLDER_BYTES = 256 * 1024;

    private static final int MAX_DEPTH = 256;

    private final Blockstore store;
    private final ImportProfile profile;
    private final UnixFsImporter files;

    /** Imports with a profile. */
    public FolderImporter(Blockstore store, ImportProfile profile, Hashing hashing) {
        this.store = store;
        this.profile = profile;
        this.files = new UnixFsImporter(store, profile, hashing);
    }

    /** Imports a folder; when this returns, its blocks are durable. */
    public ImportResult importFolder(Path folder, Progress progress) throws IOException {
        try (BlockBatch batch = store.batch()) {
            ImportResult result = folder(batch, folder, 0, progress);
            batch.commit();
            return result;
        }
    }

    private ImportResult folder(BlockBatch batch, Path folder, int depth, Progress progress) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new FileSystemLoopException(folder.toString());
        }
        List<Path> entries;
        try (Stream<Path> all = Files.list(folder)) {
            entries = all.sorted(Comparator.comparing(FolderImporter::nameBytes, Arrays::compareUnsigned))
                    .toList();
        }
        List<PbLink> links = new ArrayList<>();
        long bytes = 0;
        long blocks = 1;
        long treeBytes = 0;
        for (Path entry : entries) {
            ImportResult part = entry(batch, entry, depth, progress);
            links.add(new PbLink(part.root(), entry.getFileName().toString(), part.treeBytes()));
            bytes += part.bytes();
            blocks += part.blocks();
            treeBytes += part.treeBytes();
        }
        byte[] node = new PbNode(links, UnixFsData.directory().encode()).encode();
        if (node.length > MAX_FOLDER_BYTES) {
            throw new BlockTooLargeException(
                    "the node of folder " + folder + " (" + links.size() + " entries)", node.length, MAX_FOLDER_BYTES);
        }
        Block block = profile.node(node);
        batch.put(block);
        return new ImportResult(block.cid(), bytes, blocks, treeBytes + block.size());
    }

    private ImportResult entry(BlockBatch batch, Path entry, int depth, Progress progress) throws IOException {
        if (Files.isSymbolicLink(entry)) {
            byte[] target = Files.readSymbolicLink(entry).toString().getBytes(StandardCharsets.UTF_8);
            Block link = profile.node(
                    new PbNode(List.of(), UnixFsData.symlink(target).encode()).encode());
            batch.put(link);
            return new ImportResult(link.cid(), 0, 1, link.size());
        }
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            return folder(batch, entry, depth + 1, progress);
        }
        if (!Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(entry.toString(), null, "is neither a file nor a folder nor a link");
        }
        try (InputStream content = Files.newInputStream(entry)) {
            return files.importInto(batch, content, progress);
        }
    }

    private static byte[] nameBytes(Path entry) {
        return entry.getFileName().toString().getBytes(StandardCharsets.UTF_8);
    }
}
