package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.soup.WeightTree;
import java.util.List;

/**
 * One leaf of a soup's weights with its proof.
 *
 * @param soupId the soup
 * @param leaf position in the weights tree
 * @param start first billionth of the interval
 * @param end one past the last billionth
 * @param proof siblings bottom-up
 */
public record ProvenShare(Bytes32 soupId, long leaf, long start, long end, List<Hash32> proof) {
    /** Copies the proof. */
    public ProvenShare {
        proof = List.copyOf(proof);
    }

    /** Proves a leaf of a tree. */
    static ProvenShare of(Bytes32 soupId, WeightTree weights, long leaf) {
        int index = Math.toIntExact(leaf);
        WeightTree.Share share = weights.shares().get(index);
        return new ProvenShare(soupId, leaf, share.start(), share.end(), weights.proof(index));
    }
}
