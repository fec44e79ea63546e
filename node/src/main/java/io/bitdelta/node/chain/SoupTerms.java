package io.bitdelta.node.chain;

import java.math.BigInteger;

/**
 * Immutable constructor arguments of the soups and royalties contracts.
 *
 * @param windowSeconds challenge window
 * @param responseSeconds time to answer a demand
 * @param finalityLagSeconds how far a snapshot must lie in the past
 * @param bondWei what a proposer puts up
 * @param gasPriceFloorWei least gas price that bonds of demands reckon with
 * @param escrowDelaySeconds announcement of a voucher escrow's withdrawal
 */
public record SoupTerms(
        long windowSeconds,
        long responseSeconds,
        long finalityLagSeconds,
        BigInteger bondWei,
        BigInteger gasPriceFloorWei,
        long escrowDelaySeconds) {
    private static final BigInteger GWEI = BigInteger.TEN.pow(9);

    /** Minutes instead of days: for test chains. */
    public static SoupTerms development() {
        return new SoupTerms(60, 60, 0, GWEI.multiply(BigInteger.TEN.pow(7)), GWEI, 3600);
    }

    /** 72 hours to challenge, 24 to answer. */
    public static SoupTerms production() {
        return new SoupTerms(72 * 3600, 24 * 3600, 15 * 60, GWEI.multiply(BigInteger.TEN.pow(9)), GWEI, 7 * 24 * 3600);
    }
}
