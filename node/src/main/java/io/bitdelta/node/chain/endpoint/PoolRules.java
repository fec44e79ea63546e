package io.bitdelta.node.chain.endpoint;

import java.time.Duration;
import java.util.List;

/**
 * When an endpoint is left.
 *
 * @param chainId the chain that all of them must be on; 0 takes what most of them say
 * @param depth blocks below the lowest head at which histories are compared: deep enough for honest endpoints to agree
 * @param lagBlocks blocks behind the highest head that are too many
 * @param logBlocks how many blocks' logs are compared
 * @param contracts whose logs are compared, lowercase addresses
 * @param checkEvery pause between checks; also how old a check may be on which a signature rests
 * @param goodAnswers checks in a row that an endpoint which told another history must pass before it is used again
 */
public record PoolRules(
        long chainId,
        int depth,
        int lagBlocks,
        int logBlocks,
        List<String> contracts,
        Duration checkEvery,
        int goodAnswers) {
    /** Checks the bounds. */
    public PoolRules {
        contracts = List.copyOf(contracts);
        if (depth < 0 || lagBlocks < 1 || logBlocks < 1 || goodAnswers < 1) {
            throw new IllegalArgumentException(
                    "depth %d, lagBlocks %d, logBlocks %d and goodAnswers %d: none may be negative, and only depth 0"
                            .formatted(depth, lagBlocks, logBlocks, goodAnswers));
        }
    }

    /** The usual ones. */
    public static PoolRules standard() {
        return new PoolRules(0, 12, 20, 20, List.of(), Duration.ofSeconds(15), 3);
    }

    /** The same, with the logs of some contracts compared. */
    public PoolRules withContracts(List<String> addresses) {
        return new PoolRules(chainId, depth, lagBlocks, logBlocks, addresses, checkEvery, goodAnswers);
    }
}
