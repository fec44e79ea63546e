package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads folders, sharded ones too. */
public final class Folder {
    /** The most files and folders that are written for one root. */
    public static final long MAX_ENTRIES = 10_000_000;

    private static final int MAX_DEPTH = 256;
    private static final int MAX_LINK = 4096;
    private static final Pattern RELATIVE = Pattern.compile("[^/\\\\\\p{Cntrl}][^\\\\\\p{Cntrl}]*");

    private final BlockSource source;
    private final UnixFsReader files;

    /** Reads from {@code source}. */
    public Folder(BlockSource source) {
        this.source = source;
        this.files = new UnixFsReader(source);
    }

    /** One name in a folder. */
    public record Entry(String name, Cid cid) {}

    /**
     * The entries of a folder, in its blocks' order.
     *
     * @throws NotAFileException if the content is not a folder
     */
    public List<Entry> entries(Cid folder) throws IOException {
        Block root = source.require(folder);
        List<Entry> entries = new ArrayList<>();
        switch (FileTree.kind(root)) {
            case FOLDER ->
                PbNode.decode(root).links().forEach(link -> entries.add(new Entry(link.label(), link.cid())));
            case SHARDED_FOLDER ->
                FileTree.visitShards(source, root, shard -> {
                    for (PbLink link : HamtFolder.entries(shard)) {
                        entries.add(new Entry(link.label(), link.cid()));
                    }
                });
            case FILE, OTHER -> throw new NotAFileException(folder, "not a folder");
        }
        return entries;
    }

    /**
     * Writes a file or a folder with everything in it to {@code target}, which must not exist. Symbolic links are written
     * where they can lead to places under {@code target} only: any number of {@code ..} up to there, then names.
     *
     * @param maxBytes the most bytes the files may have together
     * @return bytes of the files
     * @throws DagLimitException if they have more, or there are more than {@link #MAX_ENTRIES} files and folders; nothing
     *     was written
     * @throws MalformedNodeException if an entry's name would leave the folder
     * @throws NotAFileException if there is another symbolic link in it, or something that is no file, folder or link
     */
    public long write(Cid content, Path target, long maxBytes) throws IOException {
        Weight weight = weigh(content, 0, new HashMap<>());
        if (weight.bytes > maxBytes) {
            throw new DagLimitException(content, "its files' size in bytes", weight.bytes, maxBytes);
        }
        return write(content, target, 0);
    }

    /** What a tree comes to on a disk, where content that is linked twice lies twice. */
    private record Weight(long entries, long bytes) {}

    /** Weighs every content once, however often it is linked: a few blocks can unfold to more than any disk holds. */
    private Weight weigh(Cid content, int depth, Map<Cid, Weight> known) throws IOException {
        Weight before = known.get(content);
        if (before != null) {
            return before;
        }
        if (depth > MAX_DEPTH) {
            throw new DagLimitException(content, "its depth of folders", depth, MAX_DEPTH);
        }
        Weight weight =
                switch (FileTree.kind(source.require(content))) {
                    case FILE -> new Weight(1, files.size(content));
                    case FOLDER, SHARDED_FOLDER -> {
                        long entries = 1;
                        long bytes = 0;
                        for (Entry entry : entries(content)) {
                            Weight part = weigh(entry.cid, depth + 1, known);
                            entries += part.entries;
                            bytes = bytes + part.bytes < 0 ? Long.MAX_VALUE : bytes + part.bytes;
                            if (entries > MAX_ENTRIES) {
                                throw new DagLimitException(
                                        content, "its number of files and folders", entries, MAX_ENTRIES);
                            }
                        }
                        yield new Weight(entries, bytes);
                    }
                    case OTHER -> new Weight(1, 0);
                };
        known.put(content, weight);
        return weight;
    }

    private long write(Cid content, Path target, int depth) throws IOException {
        Block root = source.require(content);
        if (depth > MAX_DEPTH) {
            throw new DagLimitException(content, "its depth of folders", depth, MAX_DEPTH);
        }
        switch (FileTree.kind(root)) {
            case FILE -> {
                try (OutputStream out = Files.newOutputStream(target, java.nio.file.StandardOpenOption.CREATE_NEW)) {
                    return files.copyTo(content, out);
                }
            }
            case FOLDER, SHARDED_FOLDER -> {
                Files.createDirectory(target);
                long bytes = 0;
                for (Entry entry : entries(content)) {
                    bytes += write(entry.cid, target.resolve(safe(content, entry.name)), depth + 1);
                }
                return bytes;
            }
            case OTHER -> {
                Files.createSymbolicLink(target, inside(root, depth));
                return 0;
            }
        }
        throw new IllegalStateException("every kind returns or throws");
    }

    /**
     * A link's target that stays below the root, given how deep the link lies. What follows the first name must be names
     * too: {@code name/..} may be elsewhere, if the name is a link itself.
     */
    private static Path inside(Block block, int depth) throws ContentException {
        Cid cid = block.cid();
        UnixFsData link = cid.codec() == Codec.DAG_PB ? UnixFsData.decode(cid, PbNode.decode(block)) : null;
        if (link == null || link.type() != UnixFsData.Type.SYMLINK || link.data() == null) {
            throw new NotAFileException(cid, "neither a folder nor a symbolic link");
        }
        String target = new String(link.data(), StandardCharsets.UTF_8);
        int up = 0;
        boolean named = false;
        boolean leaves = target.isEmpty()
                || target.length() > MAX_LINK
                || !RELATIVE.matcher(target).matches();
        for (String part : target.split("/", -1)) {
            boolean parent = part.equals("..");
            leaves |= parent && (named || ++up >= depth);
            named |= !parent;
        }
        if (leaves) {
            throw new NotAFileException(cid, "a symbolic link to '" + target + "', which may lie outside the folder");
        }
        return Path.of(target);
    }

    private static String safe(Cid folder, String name) throws MalformedNodeException {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.matches("(?s).*[/\\\\\0].*")) {
            throw new MalformedNodeException(folder, "the name '" + name + "' cannot be a file's");
        }
        return name;
    }
}
