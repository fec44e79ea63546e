package io.bitdelta.node.soup.dispute;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.typed.DeltaStruct;
import io.bitdelta.contracts.DeltaSoups;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.commit.ChunkProof;
import io.bitdelta.engine.commit.DeltaCommitment;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.LeafKind;
import io.bitdelta.node.soup.MemberList;
import java.math.BigInteger;

/** One member's delta, committed to on chain, with what it takes to show any word of it. */
final class Ballot {
    private final int index;
    private final MemberList.Entry entry;
    private final DeltaStruct delta;
    private final Hash32 salt;
    private final DeltaFile file;
    private final DeltaCommitment commitment;

    /**
     * @param index place in the members tree
     * @param entry id and consent
     * @param delta fields of the published delta
     * @param salt of its commitment
     * @param file its bytes
     * @param commitment of these bytes, equal to what is on chain
     */
    Ballot(
            int index,
            MemberList.Entry entry,
            DeltaStruct delta,
            Bytes32 salt,
            DeltaFile file,
            DeltaCommitment commitment) {
        this.index = index;
        this.entry = entry;
        this.delta = delta;
        this.salt = Hash32.of(salt.bytes());
        this.file = file;
        this.commitment = commitment;
    }

    int index() {
        return index;
    }

    MemberList.Entry entry() {
        return entry;
    }

    DeltaFile file() {
        return file;
    }

    /** A chunk of this member with its proof. */
    ChunkProof chunk(LeafKind tree, long chunk) {
        return ChunkProof.of(file, tree, chunk, delta.identity().bytes(), salt);
    }

    /** One 32-byte word of a chunk as the chain counts it. */
    BigInteger word(LeafKind tree, long chunk, int position) {
        return new BigInteger(1, chunk(tree, chunk).chunk().get(position).bytes());
    }

    Hash32 layoutHash() {
        return commitment.layoutHash();
    }

    /** The published fields. */
    DeltaStruct delta() {
        return delta;
    }

    DeltaSoups.Delta struct() {
        return new DeltaSoups.Delta(
                delta.identity().hex(),
                delta.baseHash().bytes(),
                delta.deltaRoot().bytes(),
                delta.manifestDigest().bytes(),
                delta.receiptHash().bytes(),
                BigInteger.valueOf(delta.epsilonMilli()),
                BigInteger.valueOf(delta.flags()));
    }

    DeltaSoups.Roots roots() {
        return new DeltaSoups.Roots(
                commitment.layoutHash().bytes(),
                BigInteger.valueOf(commitment.nSigns()),
                commitment.signsRoot().bytes(),
                BigInteger.valueOf(commitment.nScales()),
                commitment.scalesRoot().bytes(),
                commitment.abstainRoot().bytes(),
                commitment.fileBind().bytes());
    }
}
