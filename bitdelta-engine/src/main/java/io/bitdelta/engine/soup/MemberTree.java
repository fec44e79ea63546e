package io.bitdelta.engine.soup;

import io.bitdelta.engine.commit.AbiWords;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.MerkleTree;
import io.bitdelta.engine.commit.Tags;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The members of a soup as a tree: leaf {@code H(E(T("member"), index, deltaId))}.
 *
 * @param deltaIds strictly ascending
 */
public record MemberTree(List<Hash32> deltaIds) {
    private static final Hash32 TAG = Tags.tag("member");

    /** Checks the order. */
    public MemberTree {
        deltaIds = List.copyOf(deltaIds);
        for (int i = 1; i < deltaIds.size(); i++) {
            if (deltaIds.get(i - 1).compareTo(deltaIds.get(i)) >= 0) {
                throw new IllegalArgumentException(
                        "delta ids must ascend strictly: %s before %s".formatted(deltaIds.get(i - 1), deltaIds.get(i)));
            }
        }
    }

    /** The members in any order; doubles are refused. */
    public static MemberTree sorted(List<Hash32> deltaIds) {
        return new MemberTree(deltaIds.stream().sorted().toList());
    }

    /** All leaves in order. */
    public List<Hash32> leaves() {
        return IntStream.range(0, deltaIds.size())
                .mapToObj(i -> new AbiWords()
                        .bytes32(TAG)
                        .uint(i)
                        .bytes32(deltaIds.get(i))
                        .hash())
                .toList();
    }

    /** The {@code membersRoot} of a header. */
    public Hash32 root() {
        return MerkleTree.root(leaves());
    }

    /** The siblings of member {@code index}. */
    public List<Hash32> proof(int index) {
        return MerkleTree.proof(leaves(), index);
    }
}
