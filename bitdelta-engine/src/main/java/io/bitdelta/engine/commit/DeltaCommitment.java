package io.bitdelta.engine.commit;

import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.work.Workers;
import java.util.List;

/**
 * The commitment of a delta under an identity and a salt (FORMATS section 4).
 *
 * @param layoutHash hash of the layout's sign objects
 * @param nSigns sign leaves
 * @param signsRoot their root
 * @param nScales scale leaves
 * @param scalesRoot their root
 * @param nAbstain abstention leaves, 0 unless the delta is a certified soup
 * @param abstainRoot their root
 * @param fileBind binds the whole file
 * @param deltaRoot the commitment
 */
public record DeltaCommitment(
        Hash32 layoutHash,
        long nSigns,
        Hash32 signsRoot,
        long nScales,
        Hash32 scalesRoot,
        long nAbstain,
        Hash32 abstainRoot,
        Hash32 fileBind,
        Hash32 deltaRoot) {
    /**
     * Computes all roots; streams through the file.
     *
     * @param identity20 the owner as 20 opaque bytes
     * @param salt {@link Hash32#ZERO} for none
     */
    public static DeltaCommitment of(DeltaFile delta, byte[] identity20, Hash32 salt) {
        try (Workers alone = Workers.of(1)) {
            return of(delta, identity20, salt, alone);
        }
    }

    /** As above; the trees and the hash of the file are computed side by side. */
    public static DeltaCommitment of(DeltaFile delta, byte[] identity20, Hash32 salt, Workers workers) {
        List<LeafKind> kinds = List.of(LeafKind.SIGNS, LeafKind.SCALES, LeafKind.ABSTAIN);
        MerkleRoot[] roots = new MerkleRoot[kinds.size()];
        workers.forEach(1 + kinds.size(), task -> {
            if (task == 0) {
                delta.fileHash();
            } else {
                roots[task - 1] = root(delta, kinds.get(task - 1), identity20, salt);
            }
        });
        MerkleRoot signs = roots[0];
        MerkleRoot scales = roots[1];
        MerkleRoot abstain = roots[2];
        Hash32 layoutHash = delta.header().layoutHash();
        Hash32 fileBind = new AbiWords()
                .bytes32(Tags.tag("file"))
                .address(identity20)
                .bytes32(salt)
                .bytes32(delta.fileHash())
                .hash();
        Hash32 deltaRoot = deltaRoot(
                layoutHash, signs.leaves(), signs.root(), scales.leaves(), scales.root(), abstain.root(), fileBind);
        return new DeltaCommitment(
                layoutHash,
                signs.leaves(),
                signs.root(),
                scales.leaves(),
                scales.root(),
                abstain.leaves(),
                abstain.root(),
                fileBind,
                deltaRoot);
    }

    /** The commitment over its parts. */
    static Hash32 deltaRoot(
            Hash32 layoutHash,
            long nSigns,
            Hash32 signsRoot,
            long nScales,
            Hash32 scalesRoot,
            Hash32 abstainRoot,
            Hash32 fileBind) {
        return new AbiWords()
                .bytes32(Tags.tag("root"))
                .bytes32(layoutHash)
                .uint(nSigns)
                .bytes32(signsRoot)
                .uint(nScales)
                .bytes32(scalesRoot)
                .bytes32(abstainRoot)
                .bytes32(fileBind)
                .hash();
    }

    /** The owner-free root: identity 0, salt 0. The {@code deltaHash} of the command line. */
    public static Hash32 contentRoot(DeltaFile delta) {
        try (Workers alone = Workers.of(1)) {
            return contentRoot(delta, alone);
        }
    }

    /** As above, on several threads. */
    public static Hash32 contentRoot(DeltaFile delta, Workers workers) {
        return of(delta, new byte[20], Hash32.ZERO, workers).deltaRoot();
    }

    private static MerkleRoot root(DeltaFile delta, LeafKind kind, byte[] identity20, Hash32 salt) {
        LeafHasher hasher = new LeafHasher(identity20, salt, kind);
        LeafChunks.of(delta, kind).forEach((index, chunk) -> hasher.add(chunk));
        return hasher.finish();
    }
}
