package io.bitdelta.engine.commit;

/**
 * The root of {@link MerkleTree}, computed leaf by leaf in memory that grows with the depth only: {@code pending[j]}
 * holds the finished left subtree of height {@code j} that still waits for its right neighbour.
 */
public final class MerkleRoot {
    private final byte[] pending = new byte[Long.SIZE * Hash32.SIZE];
    private final byte[] pair = new byte[2 * Hash32.SIZE];
    private final Keccak256 keccak = new Keccak256();
    private long leaves;

    /** An empty tree. */
    public MerkleRoot() {}

    /** Appends the next leaf. */
    public void add(Hash32 leaf) {
        byte[] bytes = leaf.bytes();
        add(bytes, 0);
    }

    /** Appends the 32 bytes at {@code offset} as the next leaf. */
    void add(byte[] bytes, int offset) {
        System.arraycopy(bytes, offset, pair, Hash32.SIZE, Hash32.SIZE);
        int height = 0;
        for (long n = leaves; (n & 1) == 1; n >>= 1) {
            System.arraycopy(pending, height * Hash32.SIZE, pair, 0, Hash32.SIZE);
            hashPairInto(Hash32.SIZE);
            height++;
        }
        System.arraycopy(pair, Hash32.SIZE, pending, height * Hash32.SIZE, Hash32.SIZE);
        leaves++;
    }

    /** How many leaves were added. */
    public long leaves() {
        return leaves;
    }

    /** The root over the leaves so far; the tree can go on growing. */
    public Hash32 root() {
        if (leaves == 0) {
            return Hash32.ZERO;
        }
        int depth = MerkleTree.depth(leaves);
        if (leaves == 1L << depth) {
            return Hash32.at(pending, depth * Hash32.SIZE);
        }
        // The open edge: at each height either a waiting left subtree joins, or a subtree of zero leaves does.
        Hash32 empty = Hash32.ZERO;
        Hash32 edge = Hash32.ZERO;
        boolean edgeIsEmpty = true;
        for (int height = 0; height < depth; height++) {
            boolean waiting = ((leaves >> height) & 1) == 1;
            if (waiting) {
                edge = MerkleTree.node(Hash32.at(pending, height * Hash32.SIZE), edgeIsEmpty ? empty : edge);
                edgeIsEmpty = false;
            } else if (!edgeIsEmpty) {
                edge = MerkleTree.node(edge, empty);
            }
            empty = MerkleTree.node(empty, empty);
        }
        return edge;
    }

    private void hashPairInto(int offset) {
        keccak.update(pair, 0, pair.length);
        keccak.finish(pair, offset);
    }
}
