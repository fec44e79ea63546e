package io.bitdelta.engine.commit;

import io.bitdelta.engine.codec.DeltaFile;

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
        MerkleRoot signs = root(delta, LeafKind.SIGNS, identity20, salt);
        MerkleRoot scales = root(delta, LeafKind.SCALES, identity20, salt);
        MerkleRoot abstain = root(delta, LeafKind.ABSTAIN, identity20, salt);
        Hash32 layoutHash = delta.header().layoutHash();
        Hash32 fileBind = new AbiWords()
                .bytes32(Tags.tag("file"))
                .address(identity20)
                .bytes32(salt)
                .bytes32(delta.fileHash())
                .hash();
        Hash32 deltaRoot = new AbiWords()
                .bytes32(Tags.tag("root"))
                .bytes32(layoutHash)
                .uint(signs.leaves())
                .bytes32(signs.root())
                .uint(scales.leaves())
                .bytes32(scales.root())
                .bytes32(abstain.root())
                .bytes32(fileBind)
                .hash();
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

    /** The owner-free root: identity 0, salt 0. The {@code deltaHash} of the command line. */
    public static Hash32 contentRoot(DeltaFile delta) {
        return of(delta, new byte[20], Hash32.ZERO).deltaRoot();
    }

    private static MerkleRoot root(DeltaFile delta, LeafKind kind, byte[] identity20, Hash32 salt) {
        LeafHasher hasher = new LeafHasher(identity20, salt, kind);
        LeafChunks.of(delta, kind).forEach((index, chunk) -> hasher.add(chunk));
        return hasher.finish();
    }
}
