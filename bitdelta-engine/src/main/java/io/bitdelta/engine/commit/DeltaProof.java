package io.bitdelta.engine.commit;

import io.bitdelta.engine.codec.DeltaFile;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * One chunk of a delta together with everything that leads from it to the commitment on chain: what a contract is shown
 * when somebody opens a chunk, and what anybody can check without the delta (FORMATS section 4).
 *
 * @param deltaRoot the commitment
 * @param identity the owner's 20 bytes in hex, with {@code 0x}
 * @param layoutHash part of the commitment
 * @param nSigns sign leaves
 * @param signsRoot their root
 * @param nScales scale leaves
 * @param scalesRoot their root
 * @param abstainRoot root of the abstentions, zero without any
 * @param fileBind part of the commitment
 * @param chunk the chunk and its siblings
 */
public record DeltaProof(
        Hash32 deltaRoot,
        String identity,
        Hash32 layoutHash,
        long nSigns,
        Hash32 signsRoot,
        long nScales,
        Hash32 scalesRoot,
        Hash32 abstainRoot,
        Hash32 fileBind,
        ChunkProof chunk) {
    /** Checks the form of the identity. */
    public DeltaProof {
        if (!identity.matches("0x[0-9a-f]{40}")) {
            throw new IllegalArgumentException("an identity is 0x and 40 hex digits, not " + identity);
        }
    }

    /**
     * Proves one chunk.
     *
     * @param identity20 the owner as 20 opaque bytes
     * @param salt {@link Hash32#ZERO} for none
     * @throws IndexOutOfBoundsException if there is no such chunk
     */
    public static DeltaProof of(DeltaFile delta, LeafKind kind, long index, byte[] identity20, Hash32 salt) {
        ChunkProof chunk = ChunkProof.of(delta, kind, index, identity20, salt);
        DeltaCommitment commitment = DeltaCommitment.of(delta, identity20, salt);
        return new DeltaProof(
                commitment.deltaRoot(),
                "0x" + HexFormat.of().formatHex(identity20),
                commitment.layoutHash(),
                commitment.nSigns(),
                commitment.signsRoot(),
                commitment.nScales(),
                commitment.scalesRoot(),
                commitment.abstainRoot(),
                commitment.fileBind(),
                chunk);
    }

    /**
     * What does not hold; empty when the chunk is the one that {@code expected} commits to.
     *
     * @param expected the commitment that the reader trusts, from the chain or a manifest
     */
    public List<String> faults(Hash32 expected) {
        List<String> faults = new ArrayList<>();
        if (!deltaRoot.equals(expected)) {
            faults.add("it is about the commitment %s, not %s".formatted(deltaRoot, expected));
        }
        Hash32 recomputed =
                DeltaCommitment.deltaRoot(layoutHash, nSigns, signsRoot, nScales, scalesRoot, abstainRoot, fileBind);
        if (!recomputed.equals(deltaRoot)) {
            faults.add("its parts give the commitment %s, not %s".formatted(recomputed, deltaRoot));
        }
        // Abstentions are packed as signs are, so they have as many leaves.
        long leaves = chunk.kind() == LeafKind.SCALES ? nScales : nSigns;
        Hash32 root =
                switch (chunk.kind()) {
                    case SIGNS -> signsRoot;
                    case SCALES -> scalesRoot;
                    case ABSTAIN -> abstainRoot;
                };
        if (chunk.leaves() != leaves) {
            faults.add("the tree has %d leaves, not %d".formatted(leaves, chunk.leaves()));
        }
        Hash32 leaf = chunk.leaf(HexFormat.of().parseHex(identity, 2, identity.length()));
        if (!MerkleTree.verify(root, leaves, chunk.index(), leaf, chunk.siblings())) {
            faults.add("chunk %d does not lead to the root %s".formatted(chunk.index(), root));
        }
        return List.copyOf(faults);
    }
}
