package io.bitdelta.ipfs.car;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import io.bitdelta.ipfs.unixfs.DagLimits;
import io.bitdelta.ipfs.unixfs.FileTree;
import io.bitdelta.ipfs.unixfs.Links;
import io.bitdelta.ipfs.unixfs.PathResolver;
import io.bitdelta.ipfs.unixfs.UnixFsReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The blocks of an archive in the order of a depth-first walk: those a path passes through, then those of what it leads
 * to.
 *
 * @param scope how much of the target
 * @param range which bytes of a file; counts with {@link CarScope#ENTITY} only
 * @param repeat whether a block is written each time the walk meets it
 */
public record CarSelection(CarScope scope, EntityRange range, boolean repeat) {
    /** Everything, each block once. */
    public static final CarSelection ALL = new CarSelection(CarScope.ALL, EntityRange.WHOLE, false);

    /** Takes blocks one by one. */
    @FunctionalInterface
    public interface Sink {
        /** Takes the next block. */
        void accept(Block block) throws IOException;
    }

    /** Walks from a root alone. */
    public void walk(BlockSource source, Cid root, Sink sink) throws IOException {
        walk(source, new PathResolver(source).resolve(root, List.of()), sink);
    }

    /**
     * Hands the blocks to {@code sink}; identity blocks are left out.
     *
     * @throws io.bitdelta.ipfs.block.BlockNotFoundException if one is missing; those before it were handed over
     */
    public void walk(BlockSource source, PathResolver.Resolution path, Sink sink) throws IOException {
        Set<Cid> seen = new HashSet<>();
        Sink once = block -> {
            if (!block.cid().isIdentity() && (seen.add(block.cid().toV1()) || repeat)) {
                sink.accept(block);
            }
        };
        for (Block block : path.passed()) {
            once.accept(block);
        }
        switch (scope) {
            case BLOCK -> once.accept(source.require(path.target()));
            case ENTITY -> entity(source, path.target(), once);
            case ALL -> all(source, path.target(), seen, once);
        }
    }

    private void entity(BlockSource source, Cid target, Sink sink) throws IOException {
        Block block = source.require(target);
        switch (FileTree.kind(block)) {
            case FILE -> {
                UnixFsReader reader = new UnixFsReader(source);
                long size = reader.size(target);
                reader.visitRange(target, range.first(size), range.length(size), sink::accept);
            }
            case SHARDED_FOLDER -> FileTree.visitShards(source, block, sink::accept);
            case FOLDER, OTHER -> sink.accept(block);
        }
    }

    private void all(BlockSource source, Cid target, Set<Cid> seen, Sink sink) throws IOException {
        ArrayDeque<Cid> stack = new ArrayDeque<>();
        stack.push(target);
        long visited = 0;
        while (!stack.isEmpty()) {
            Cid cid = stack.pop();
            if (!repeat && seen.contains(cid.toV1()) && !cid.equals(target)) {
                continue;
            }
            if (++visited > DagLimits.DEFAULT.maxBlocks()) {
                throw new MalformedCarException(
                        "more than " + DagLimits.DEFAULT.maxBlocks() + " blocks under " + target);
            }
            Block block = source.require(cid);
            sink.accept(block);
            if (cid.codec() != Codec.RAW) {
                Links.of(block).reversed().forEach(stack::push);
            }
        }
    }
}
