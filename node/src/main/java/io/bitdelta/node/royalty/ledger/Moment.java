package io.bitdelta.node.royalty.ledger;

import java.time.Instant;
import java.util.Comparator;

/**
 * Where on the chain something happened.
 *
 * @param block height
 * @param logIndex position in the block
 * @param tx transaction hash
 * @param time of the block
 */
public record Moment(long block, int logIndex, String tx, Instant time) implements Comparable<Moment> {
    private static final Comparator<Moment> ORDER =
            Comparator.comparingLong(Moment::block).thenComparingInt(Moment::logIndex);

    @Override
    public int compareTo(Moment other) {
        return ORDER.compare(this, other);
    }
}
