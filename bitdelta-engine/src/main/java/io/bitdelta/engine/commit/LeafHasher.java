package io.bitdelta.engine.commit;

import io.bitdelta.engine.kernel.KeccakKernel;
import io.bitdelta.engine.kernel.KernelProvider;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * {@code leaf = H(E(T("leaf"), identity, k, i, leafSalt, H(chunk)))} for one tree, several leaves at a time. Not
 * thread-safe.
 */
final class LeafHasher {
    private static final Hash32 LEAF = Tags.tag("leaf");
    private static final Hash32 SALT = Tags.tag("salt");
    private static final int LEAF_BYTES = 6 * Hash32.SIZE;
    private static final int INDEX_AT = 4 * Hash32.SIZE - Long.BYTES;
    private static final int SALT_AT = 4 * Hash32.SIZE;
    private static final int HASH_AT = 5 * Hash32.SIZE;

    private final Hash32 salt;
    private final LeafKind kind;
    private final KeccakKernel kernel = KernelProvider.keccak();
    private final byte[] chunks = new byte[kernel.lanes() * LeafChunks.SIZE];
    private final byte[] preimages;
    private final byte[] hashes = new byte[kernel.lanes() * Hash32.SIZE];
    private final MerkleRoot root = new MerkleRoot();
    private long next;
    private int filled;

    LeafHasher(byte[] identity20, Hash32 salt, LeafKind kind) {
        this.salt = salt;
        this.kind = kind;
        byte[] template = new AbiWords()
                .bytes32(LEAF)
                .address(identity20)
                .uint(kind.code())
                .uint(0)
                .bytes32(Hash32.ZERO)
                .bytes32(Hash32.ZERO)
                .bytes();
        this.preimages = new byte[kernel.lanes() * LEAF_BYTES];
        for (int lane = 0; lane < kernel.lanes(); lane++) {
            System.arraycopy(template, 0, preimages, lane * LEAF_BYTES, LEAF_BYTES);
        }
    }

    /** Appends the next chunk. */
    void add(byte[] chunk) {
        System.arraycopy(chunk, 0, chunks, filled * LeafChunks.SIZE, LeafChunks.SIZE);
        filled++;
        if (filled == kernel.lanes()) {
            flush();
        }
    }

    /** The tree over all chunks. */
    MerkleRoot finish() {
        if (filled > 0) {
            // Lanes beyond the last chunk hash leftovers; nobody looks at them.
            flush();
        }
        return root;
    }

    private void flush() {
        kernel.hash(chunks, LeafChunks.SIZE, LeafChunks.SIZE, hashes);
        ByteBuffer words = ByteBuffer.wrap(preimages);
        for (int lane = 0; lane < filled; lane++) {
            int at = lane * LEAF_BYTES;
            words.putLong(at + INDEX_AT, next + lane);
            if (!salt.equals(Hash32.ZERO)) {
                leafSalt(next + lane).copyTo(preimages, at + SALT_AT);
            }
            System.arraycopy(hashes, lane * Hash32.SIZE, preimages, at + HASH_AT, Hash32.SIZE);
        }
        kernel.hash(preimages, LEAF_BYTES, LEAF_BYTES, hashes);
        for (int lane = 0; lane < filled; lane++) {
            root.add(hashes, lane * Hash32.SIZE);
        }
        next += filled;
        filled = 0;
        Arrays.fill(chunks, (byte) 0);
    }

    /** The salt of one leaf; zero without a salt. */
    Hash32 leafSalt(long index) {
        if (salt.equals(Hash32.ZERO)) {
            return Hash32.ZERO;
        }
        return new AbiWords()
                .bytes32(SALT)
                .bytes32(salt)
                .uint(kind.code())
                .uint(index)
                .hash();
    }
}
