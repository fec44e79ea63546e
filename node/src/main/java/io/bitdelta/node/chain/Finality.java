package io.bitdelta.node.chain;

import java.time.Duration;

/**
 * When a mined transaction counts as done, and when an unmined one is sent again for more money.
 *
 * @param confirmations blocks that must include or follow the transaction's, at least 1
 * @param finalizedTag whether the chain's own {@code finalized} block decides instead
 * @param stallAfter age of the newest attempt after which a replacement is signed
 * @param pollEvery pause between looks at the chain
 * @param patience how long a caller waits before it is told to come back
 */
public record Finality(
        int confirmations, boolean finalizedTag, Duration stallAfter, Duration pollEvery, Duration patience) {
    /** Checks the bounds. */
    public Finality {
        if (confirmations < 1) {
            throw new IllegalArgumentException("confirmations must be at least 1, not " + confirmations);
        }
    }

    /** By counting blocks. */
    public Finality(int confirmations, Duration stallAfter, Duration pollEvery, Duration patience) {
        this(confirmations, false, stallAfter, pollEvery, patience);
    }

    /** For the embedded chain: one confirmation, no reorgs. Called "development finality" wherever it shows. */
    public static Finality development() {
        return new Finality(1, Duration.ofSeconds(20), Duration.ofMillis(25), Duration.ofMinutes(2));
    }

    /** Height of the newest block that counts as final; negative while there is none. */
    long finalHeight(ChainClient chain, BlockHead head) {
        return finalizedTag ? chain.finalizedHeight() : head.number() - confirmations + 1;
    }
}
