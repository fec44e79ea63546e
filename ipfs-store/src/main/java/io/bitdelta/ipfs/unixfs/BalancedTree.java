package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockBatch;
import io.bitdelta.ipfs.cid.Cid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Links leaves into a tree whose leaves all have the same depth, bottom up, holding one unfinished node per level: a file
 * of n leaves needs memory for {@code maxLinks * log(n)} links. A level is folded when its next child arrives, so a level
 * that is exactly full at the end is still a candidate for the root.
 */
final class BalancedTree {
    private final ImportProfile profile;
    private final BlockBatch target;
    private final List<List<Child>> levels = new ArrayList<>();
    private long blocks;
    private long treeBytes;

    private record Child(Cid cid, long fileBytes, long treeBytes) {}

    BalancedTree(ImportProfile profile, BlockBatch target) {
        this.profile = profile;
        this.target = target;
    }

    /** Adds the next leaf, {@code fileBytes} of the file. */
    void add(Block leaf, long fileBytes) throws IOException {
        put(leaf);
        add(0, new Child(leaf.cid(), fileBytes, leaf.size()));
    }

    /** Folds what is left; at least one leaf was added. */
    ImportResult finish() throws IOException {
        for (int level = 0; ; level++) {
            List<Child> children = levels.get(level);
            boolean top = level == levels.size() - 1;
            if (top && children.size() == 1) {
                Child root = children.getFirst();
                return new ImportResult(root.cid, root.fileBytes, blocks, treeBytes);
            }
            if (!children.isEmpty()) {
                fold(level);
            }
        }
    }

    private void add(int level, Child child) throws IOException {
        if (level == levels.size()) {
            levels.add(new ArrayList<>());
        }
        if (levels.get(level).size() == profile.maxLinks()) {
            fold(level);
        }
        levels.get(level).add(child);
    }

    private void fold(int level) throws IOException {
        List<Child> children = levels.get(level);
        List<PbLink> links = new ArrayList<>(children.size());
        long[] blockBytes = new long[children.size()];
        long fileBytes = 0;
        long below = 0;
        for (int i = 0; i < blockBytes.length; i++) {
            Child child = children.get(i);
            links.add(new PbLink(child.cid, "", child.treeBytes));
            blockBytes[i] = child.fileBytes;
            fileBytes += child.fileBytes;
            below += child.treeBytes;
        }
        Block node = profile.node(
                new PbNode(links, UnixFsData.file(fileBytes, blockBytes).encode()).encode());
        put(node);
        children.clear();
        add(level + 1, new Child(node.cid(), fileBytes, below + node.size()));
    }

    private void put(Block block) throws IOException {
        target.put(block);
        blocks++;
        treeBytes += block.size();
    }
}
