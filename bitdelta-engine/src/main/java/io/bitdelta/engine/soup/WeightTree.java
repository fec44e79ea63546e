package io.bitdelta.engine.soup;

import io.bitdelta.engine.commit.AbiWords;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.MerkleTree;
import io.bitdelta.engine.commit.Tags;
import java.util.ArrayList;
import java.util.List;

/**
 * Who is paid which part of a soup's income: intervals that tile [0, 1e9), leaf
 * {@code H(E(T("weight"), index, kind, who, start, end))}.
 *
 * @param shares in order of their intervals
 */
public record WeightTree(List<Share> shares) {
    /** The whole. */
    public static final long WHOLE = 1_000_000_000L;

    private static final Hash32 TAG = Tags.tag("weight");

    /** What a payee is. */
    public enum Kind {
        /** An identity: a 20-byte address. */
        IDENTITY(0),
        /** Another soup: a 32-byte id. */
        SOUP(1);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** The number that stands in a leaf. */
        public int code() {
            return code;
        }
    }

    /**
     * One payee.
     *
     * @param kind identity or soup
     * @param who an address padded to 32 bytes on the left, or a soup id
     * @param start first part of the interval, inclusive
     * @param end one past its last
     */
    public record Share(Kind kind, Hash32 who, long start, long end) {
        /** An identity's share. */
        public static Share identity(byte[] address20, long start, long end) {
            return new Share(
                    Kind.IDENTITY, Hash32.of(new AbiWords().address(address20).bytes()), start, end);
        }
    }

    /** Checks that the intervals tile the whole. */
    public WeightTree {
        shares = List.copyOf(shares);
        long at = 0;
        for (Share share : shares) {
            if (share.start() != at || share.end() <= at) {
                throw new IllegalArgumentException(
                        "interval [%d,%d) does not continue at %d".formatted(share.start(), share.end(), at));
            }
            at = share.end();
        }
        if (at != WHOLE) {
            throw new IllegalArgumentException("the intervals end at " + at + ", not at " + WHOLE);
        }
    }

    /** Rule 1: payee i of n gets {@code [floor(i * 1e9 / n), floor((i + 1) * 1e9 / n))}. */
    public static WeightTree uniform(List<byte[]> identities) {
        List<Share> shares = new ArrayList<>();
        long n = identities.size();
        for (int i = 0; i < n; i++) {
            shares.add(Share.identity(identities.get(i), i * WHOLE / n, (i + 1) * WHOLE / n));
        }
        return new WeightTree(shares);
    }

    /** All leaves in order. */
    public List<Hash32> leaves() {
        List<Hash32> leaves = new ArrayList<>();
        for (Share share : shares) {
            leaves.add(new AbiWords()
                    .bytes32(TAG)
                    .uint(leaves.size())
                    .uint(share.kind().code())
                    .bytes32(share.who())
                    .uint(share.start())
                    .uint(share.end())
                    .hash());
        }
        return leaves;
    }

    /** The {@code weightsRoot} of a header. */
    public Hash32 root() {
        return MerkleTree.root(leaves());
    }

    /** The siblings of payee {@code index}. */
    public List<Hash32> proof(int index) {
        return MerkleTree.proof(leaves(), index);
    }
}
