package io.bitdelta.node.chain;

import java.math.BigInteger;

/**
 * What a transaction offers per gas (EIP-1559).
 *
 * @param maxWei most it pays in all
 * @param tipWei most it pays above the base fee
 */
record Fee(BigInteger maxWei, BigInteger tipWei) {
    private static final BigInteger TIP = BigInteger.valueOf(1_000_000_000L);

    /** Room for the base fee to double. */
    static Fee at(BlockHead head) {
        return new Fee(head.baseFeeWei().shiftLeft(1).add(TIP), TIP);
    }

    /** At least one eighth more of both, which every node accepts as a replacement, and no less than today's fee. */
    Fee bumped(Fee today) {
        return new Fee(
                eighthMore(maxWei).max(today.maxWei()), eighthMore(tipWei).max(today.tipWei()));
    }

    /** At least one eighth more of both and nothing beyond: the cheapest replacement. */
    Fee leastBump() {
        return new Fee(eighthMore(maxWei), eighthMore(tipWei));
    }

    /** The same, but no more than {@code capWei} in all. */
    Fee under(BigInteger capWei) {
        return new Fee(maxWei.min(capWei), tipWei.min(capWei));
    }

    /** Whether a block like {@code head} would take it, tip and all. */
    boolean pays(BlockHead head) {
        return maxWei.compareTo(head.baseFeeWei().add(tipWei)) >= 0;
    }

    private static BigInteger eighthMore(BigInteger amount) {
        return amount.add(amount.shiftRight(3)).add(BigInteger.ONE);
    }
}
