package io.bitdelta.engine.commit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The binary Keccak tree of FORMATS section 4: depth {@code d = ceil(log2 n)}, missing leaves are 32 zero bytes, a node
 * is {@code H(left || right)}; one leaf is its own root, no leaf has root zero. Proofs are positional: {@code d} siblings
 * bottom-up, bit {@code j} of the index says on which side the running node stands.
 */
public final class MerkleTree {
    private MerkleTree() {}

    /** The root over {@code leaves} in order. */
    public static Hash32 root(List<Hash32> leaves) {
        MerkleRoot root = new MerkleRoot();
        leaves.forEach(root::add);
        return root.root();
    }

    /** The depth of a tree of {@code leaves} leaves: the length of its proofs. */
    public static int depth(long leaves) {
        return leaves <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(leaves - 1);
    }

    /**
     * The siblings of leaf {@code index}, bottom-up.
     *
     * @throws IndexOutOfBoundsException if there is no such leaf
     */
    public static List<Hash32> proof(List<Hash32> leaves, int index) {
        Objects.checkIndex(index, leaves.size());
        List<Hash32> level = leaves;
        List<Hash32> siblings = new ArrayList<>();
        int at = index;
        Hash32 empty = Hash32.ZERO;
        for (int d = depth(leaves.size()); d > 0; d--) {
            siblings.add((at ^ 1) < level.size() ? level.get(at ^ 1) : empty);
            List<Hash32> above = new ArrayList<>((level.size() + 1) / 2);
            for (int i = 0; i < level.size(); i += 2) {
                above.add(node(level.get(i), i + 1 < level.size() ? level.get(i + 1) : empty));
            }
            empty = node(empty, empty);
            level = above;
            at >>= 1;
        }
        return List.copyOf(siblings);
    }

    /**
     * The nodes below one node: those {@code down} levels further down, from left to right, {@code 2^down} of them.
     *
     * @param level the node's height, 0 for leaves
     * @param index its place among the nodes of that height
     * @param down how far to go down, at most {@code level}
     * @throws IndexOutOfBoundsException if there is no such node
     */
    public static List<Hash32> descendants(List<Hash32> leaves, int level, long index, int down) {
        Objects.checkIndex(level, depth(leaves.size()) + 1);
        Objects.checkIndex(index, 1L << (depth(leaves.size()) - level));
        Objects.checkIndex(down, level + 1);
        int height = level - down;
        long first = (index << level) >> height;
        List<Hash32> nodes = new ArrayList<>(1 << down);
        for (long at = first; at < first + (1L << down); at++) {
            nodes.add(subtree(leaves, height, at));
        }
        return List.copyOf(nodes);
    }

    /** The node at a height, with zero leaves beyond the last one. */
    private static Hash32 subtree(List<Hash32> leaves, int height, long index) {
        List<Hash32> level = new ArrayList<>(1 << height);
        for (long leaf = index << height; leaf < (index + 1) << height; leaf++) {
            level.add(leaf < leaves.size() ? leaves.get((int) leaf) : Hash32.ZERO);
        }
        for (int size = level.size(); size > 1; size /= 2) {
            for (int i = 0; i < size / 2; i++) {
                level.set(i, node(level.get(2 * i), level.get(2 * i + 1)));
            }
        }
        return level.getFirst();
    }

    /** Whether {@code leaf} is leaf {@code index} of the {@code leaves}-leaf tree with this root. */
    public static boolean verify(Hash32 root, long leaves, long index, Hash32 leaf, List<Hash32> siblings) {
        if (index < 0 || index >= leaves || siblings.size() != depth(leaves)) {
            return false;
        }
        Hash32 running = leaf;
        long at = index;
        for (Hash32 sibling : siblings) {
            running = (at & 1) == 0 ? node(running, sibling) : node(sibling, running);
            at >>= 1;
        }
        return running.equals(root);
    }

    /** An inner node. */
    static Hash32 node(Hash32 left, Hash32 right) {
        return Keccak256.hash(left.bytes(), right.bytes());
    }
}
