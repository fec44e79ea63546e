package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockNotFoundException;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Visits every distinct block under a root once, parents first. Version 0 and 1 of an identifier are one block. */
public final class DagWalk {
    private final BlockSource source;
    private final DagLimits limits;

    /** Walks within limits. */
    public DagWalk(BlockSource source, DagLimits limits) {
        this.source = source;
        this.limits = limits;
    }

    /** Decides what a missing or damaged block means. */
    @FunctionalInterface
    public interface OnFailure {
        /** Returns to leave out what hangs under the block, or throws to end the walk. */
        void failed(Cid cid, ContentException failure) throws IOException;
    }

    /**
     * All blocks under {@code root}, itself included. Raw leaves are named without being read; everything else must be
     * there.
     */
    public Set<Cid> closure(Cid root) throws IOException {
        Set<Cid> seen = new HashSet<>();
        closure(root, seen, (cid, failure) -> {
            throw failure;
        });
        return seen;
    }

    /** Adds all blocks under {@code root} to {@code seen}; whatever is in {@code seen} already is not walked again. */
    public void closure(Cid root, Set<Cid> seen, OnFailure onFailure) throws IOException {
        record Step(Cid cid, int depth) {}
        ArrayDeque<Step> stack = new ArrayDeque<>();
        stack.push(new Step(root, 0));
        while (!stack.isEmpty()) {
            Step step = stack.pop();
            Cid cid = step.cid.toV1();
            if ((cid.isIdentity() && cid.codec() == Codec.RAW) || !seen.add(cid) || cid.codec() == Codec.RAW) {
                continue;
            }
            if (step.depth > limits.maxDepth()) {
                throw new DagLimitException(root, "its depth", step.depth, limits.maxDepth());
            }
            if (seen.size() > limits.maxBlocks()) {
                throw new DagLimitException(root, "its number of blocks", seen.size(), limits.maxBlocks());
            }
            for (Cid link : links(cid, onFailure)) {
                stack.push(new Step(link, step.depth + 1));
            }
        }
    }

    private List<Cid> links(Cid cid, OnFailure onFailure) throws IOException {
        ContentException failure;
        try {
            Optional<Block> block = source.get(cid);
            if (block.isPresent()) {
                return Links.of(block.get());
            }
            failure = new BlockNotFoundException(cid, source.name());
        } catch (ContentException e) {
            failure = e;
        }
        onFailure.failed(cid, failure);
        return List.of();
    }
}
