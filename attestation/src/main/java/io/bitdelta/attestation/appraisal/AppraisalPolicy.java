package io.bitdelta.attestation.appraisal;

/**
 * What the relying party asks for.
 *
 * @param development when development evidence is admitted
 */
public record AppraisalPolicy(DevelopmentRule development) {
    /** Hardware evidence only, everything up to date, nothing debuggable. */
    public static AppraisalPolicy strict() {
        return new AppraisalPolicy(DevelopmentRule.NEVER);
    }

    /** The same policy, which admits development evidence on a chain of the default test list. */
    public AppraisalPolicy withDevelopment(long chainId) {
        return withDevelopment(new DevelopmentRule(true, chainId, DevelopmentRule.DEFAULT_TEST_CHAINS));
    }

    /** The same policy with another rule for development evidence. */
    public AppraisalPolicy withDevelopment(DevelopmentRule rule) {
        return new AppraisalPolicy(rule);
    }
}
