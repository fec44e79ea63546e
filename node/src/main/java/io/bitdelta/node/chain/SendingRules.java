package io.bitdelta.node.chain;

import java.math.BigInteger;

/**
 * What an operator allows transactions to cost and when they count.
 *
 * @param finality when a mined one is done
 * @param maxFeeWei most that any transaction offers per gas, replacements included; one that the chain would not take for
 *     that waits
 */
public record SendingRules(Finality finality, BigInteger maxFeeWei) {
    private static final BigInteger GWEI = BigInteger.TEN.pow(9);

    /** Checks the cap. */
    public SendingRules {
        if (maxFeeWei.signum() <= 0) {
            throw new IllegalArgumentException("the most a transaction may offer must be positive, not " + maxFeeWei);
        }
    }

    /** With a cap in whole gwei. */
    public static SendingRules of(Finality finality, long maxFeeGwei) {
        return new SendingRules(finality, GWEI.multiply(BigInteger.valueOf(maxFeeGwei)));
    }
}
