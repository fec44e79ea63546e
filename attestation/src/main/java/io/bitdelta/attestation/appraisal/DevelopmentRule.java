package io.bitdelta.attestation.appraisal;

import java.util.Set;

/**
 * When development evidence is admitted: only if allowed and the chain is on the list of test chains.
 *
 * @param allowed whether the policy admits it at all
 * @param chainId the chain that the result is for
 * @param testChains ids of chains without value; 122 can never be listed
 */
public record DevelopmentRule(boolean allowed, long chainId, Set<Long> testChains) {
    /** The chain id of external configurations: never a test chain. */
    public static final long NEVER_A_TEST_CHAIN = 122;

    /** The chains that development nodes make. */
    public static final Set<Long> DEFAULT_TEST_CHAINS = Set.of(1337L, 31337L);

    /** Never. */
    public static final DevelopmentRule NEVER = new DevelopmentRule(false, 0, Set.of());

    /** Copies; refuses 122 on the list. */
    public DevelopmentRule {
        testChains = Set.copyOf(testChains);
        if (testChains.contains(NEVER_A_TEST_CHAIN)) {
            throw new IllegalArgumentException("chain " + NEVER_A_TEST_CHAIN + " can not be a test chain");
        }
    }

    /** Whether both conditions hold. */
    public boolean admits() {
        return allowed && testChains.contains(chainId);
    }
}
