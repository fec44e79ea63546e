package io.bitdelta.node.relay;

import java.math.BigInteger;

/**
 * What the node spends on others.
 *
 * @param weiPerHour most in any 60 minutes
 * @param weiPerDay most in any 24 hours
 * @param perPrincipalPerDay most transactions of one principal in any 24 hours
 */
public record RelayRules(BigInteger weiPerHour, BigInteger weiPerDay, int perPrincipalPerDay) {
    /** Checks ranges. */
    public RelayRules {
        if (weiPerHour.signum() < 0 || weiPerDay.signum() < 0 || perPrincipalPerDay < 0) {
            throw new IllegalArgumentException("budgets of gas cannot be negative: %s wei an hour, %s a day, %d times"
                    .formatted(weiPerHour, weiPerDay, perPrincipalPerDay));
        }
    }
}
