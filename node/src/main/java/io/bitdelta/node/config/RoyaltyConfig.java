package io.bitdelta.node.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the node does about vouchers on its own.
 *
 * @param settleBefore how long before their expiry vouchers are settled, and never longer than half the contract's escrow
 *     delay; zero leaves it to the operator
 */
public record RoyaltyConfig(Duration settleBefore) {
    private static final int DEFAULT_MINUTES = 1440;
    private static final int MOST_MINUTES = 60 * 24 * 60;

    @JsonCreator
    static RoyaltyConfig of(@JsonProperty("settleMinutes") @Nullable Integer settleMinutes) {
        int minutes = settleMinutes == null ? DEFAULT_MINUTES : settleMinutes;
        if (minutes < 0 || minutes > MOST_MINUTES) {
            throw new IllegalArgumentException(
                    "royalty.settleMinutes: %d, must be 0 (never) to %d".formatted(minutes, MOST_MINUTES));
        }
        return new RoyaltyConfig(Duration.ofMinutes(minutes));
    }

    static RoyaltyConfig defaults() {
        return of(null);
    }
}
