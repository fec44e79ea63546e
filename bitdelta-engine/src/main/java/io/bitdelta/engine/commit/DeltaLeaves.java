package io.bitdelta.engine.commit;

import io.bitdelta.engine.codec.DeltaFile;
import java.util.ArrayList;
import java.util.List;

/** The leaves of one of a delta's trees, for whoever must show proofs or nodes of it. */
public final class DeltaLeaves {
    private DeltaLeaves() {}

    /**
     * All leaves of a kind in order; hashes the whole tree's contents once.
     *
     * @param identity20 the owner as 20 opaque bytes
     * @param salt {@link Hash32#ZERO} for none
     */
    public static List<Hash32> of(DeltaFile delta, LeafKind kind, byte[] identity20, Hash32 salt) {
        List<Hash32> leaves = new ArrayList<>();
        LeafHasher hasher = new LeafHasher(identity20, salt, kind);
        LeafChunks.of(delta, kind).forEach((index, chunk) -> leaves.add(hasher.leaf(index, chunk)));
        return List.copyOf(leaves);
    }
}
