package io.bitdelta.engine.soup;

import java.util.Arrays;

/**
 * Counts 64 votes at a time: plane j of {@code counts} holds bit j of 64 vertical counters, and a ballot is added with a
 * ripple of half adders. Comparing all counters with a number takes one pass over the planes.
 */
final class BallotBox {
    private final long[] counts;
    private final int members;

    BallotBox(int members) {
        this.members = members;
        this.counts = new long[Integer.SIZE - Integer.numberOfLeadingZeros(members)];
    }

    /** Empties all counters. */
    void clear() {
        Arrays.fill(counts, 0);
    }

    /** Adds one member's 64 bits. */
    void add(long ballot) {
        long carry = ballot;
        for (int j = 0; carry != 0; j++) {
            long both = counts[j] & carry;
            counts[j] ^= carry;
            carry = both;
        }
    }

    /** 1 where at least {@code threshold} members voted 1. */
    long atLeast(int threshold) {
        if (threshold <= 0) {
            return -1L;
        }
        if (threshold > members) {
            return 0;
        }
        long greater = 0;
        long equal = -1L;
        for (int j = counts.length - 1; j >= 0; j--) {
            if (((threshold >> j) & 1) == 0) {
                greater |= equal & counts[j];
                equal &= ~counts[j];
            } else {
                equal &= counts[j];
            }
        }
        return greater | equal;
    }
}
