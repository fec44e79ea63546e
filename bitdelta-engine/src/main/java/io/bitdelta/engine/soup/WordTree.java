package io.bitdelta.engine.soup;

import io.bitdelta.engine.commit.AbiWords;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.MerkleTree;
import io.bitdelta.engine.commit.Tags;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The members' words that answer a challenge, as a tree: leaf {@code H(E(T("word"), index, word))}.
 *
 * @param words one uint256 per member
 */
public record WordTree(List<BigInteger> words) {
    private static final Hash32 TAG = Tags.tag("word");

    /** Copies the list. */
    public WordTree {
        words = List.copyOf(words);
    }

    private List<Hash32> leaves() {
        return IntStream.range(0, words.size())
                .mapToObj(i ->
                        new AbiWords().bytes32(TAG).uint(i).uint(words.get(i)).hash())
                .toList();
    }

    /** What the contract keeps of an answer. */
    public Hash32 root() {
        return MerkleTree.root(leaves());
    }

    /** The siblings of a member's word. */
    public List<Hash32> proof(int member) {
        return MerkleTree.proof(leaves(), member);
    }
}
