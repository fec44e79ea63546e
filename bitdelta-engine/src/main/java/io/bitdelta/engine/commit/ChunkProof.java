package io.bitdelta.engine.commit;

import io.bitdelta.engine.codec.DeltaFile;
import java.util.ArrayList;
import java.util.List;

/**
 * One chunk of a delta with what a contract needs to place it under a root.
 *
 * @param kind signs, scales or abstentions
 * @param index the chunk's number
 * @param leaves leaves of its tree
 * @param chunk 1024 bytes as 32 words
 * @param leafSalt the leaf's salt, zero without a salt
 * @param siblings bottom-up
 */
public record ChunkProof(
        LeafKind kind, long index, long leaves, List<Hash32> chunk, Hash32 leafSalt, List<Hash32> siblings) {
    /** Copies the lists. */
    public ChunkProof {
        chunk = List.copyOf(chunk);
        siblings = List.copyOf(siblings);
    }

    /**
     * Proves one chunk; hashes the whole tree once.
     *
     * @throws IndexOutOfBoundsException if there is no such chunk
     */
    public static ChunkProof of(DeltaFile delta, LeafKind kind, long index, byte[] identity20, Hash32 salt) {
        byte[] chunk = LeafChunks.of(delta, kind).chunk(index);
        List<Hash32> leaves = DeltaLeaves.of(delta, kind, identity20, salt);
        List<Hash32> words = new ArrayList<>();
        for (int at = 0; at < chunk.length; at += Hash32.SIZE) {
            words.add(Hash32.at(chunk, at));
        }
        return new ChunkProof(
                kind,
                index,
                leaves.size(),
                words,
                new LeafHasher(identity20, salt, kind).leafSalt(index),
                MerkleTree.proof(leaves, Math.toIntExact(index)));
    }

    /** The leaf that these words give under an identity. */
    public Hash32 leaf(byte[] identity20) {
        byte[] bytes = new byte[LeafChunks.SIZE];
        for (int i = 0; i < chunk.size(); i++) {
            chunk.get(i).copyTo(bytes, i * Hash32.SIZE);
        }
        return LeafHasher.leaf(identity20, kind, index, leafSalt, bytes);
    }
}
