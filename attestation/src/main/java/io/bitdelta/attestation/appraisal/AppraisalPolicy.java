package io.bitdelta.attestation.appraisal;

import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the relying party asks for. Immutable.
 *
 * @param allowedStatuses TCB statuses of Intel platforms that are accepted
 * @param refusedAdvisories advisory ids that are refused even under an accepted status
 * @param minimumTcbEvaluation least {@code tcbEvaluationDataNumber} of Intel collateral
 * @param allowDebug whether debuggable environments are accepted (for looking, never for value)
 * @param requireSeptVeDisable whether a trust domain must have SEPT_VE_DISABLE set
 * @param allowServiceTd whether a service trust domain may be bound
 * @param measurements accepted lowercase hex values by claim name (e.g. {@code mrenclave}, {@code mrtd}, {@code pcr0});
 *     a name that is not listed is not checked
 * @param snp what is asked of SEV-SNP
 * @param maxAge how old a Nitro document may be
 * @param required technologies that a composite must contain, each affirming
 * @param development when development evidence is admitted
 */
public record AppraisalPolicy(
        Set<String> allowedStatuses,
        Set<String> refusedAdvisories,
        long minimumTcbEvaluation,
        boolean allowDebug,
        boolean requireSeptVeDisable,
        boolean allowServiceTd,
        Map<String, Set<String>> measurements,
        SnpRule snp,
        Optional<Duration> maxAge,
        Set<Technology> required,
        DevelopmentRule development) {
    private static final Set<String> STATUSES = Set.of(
            "UpToDate",
            "SWHardeningNeeded",
            "ConfigurationNeeded",
            "ConfigurationAndSWHardeningNeeded",
            "OutOfDate",
            "OutOfDateConfigurationNeeded",
            "TDRelaunchAdvised",
            "TDRelaunchAdvisedConfigurationNeeded");

    private static final AppraisalPolicy STRICT = new AppraisalPolicy(
            Set.of("UpToDate"),
            Set.of(),
            0,
            false,
            true,
            false,
            Map.of(),
            SnpRule.STRICT,
            Optional.empty(),
            Set.of(),
            DevelopmentRule.NEVER);

    /** Copies; refuses statuses that no policy may accept ({@code Revoked}) or that do not exist. */
    public AppraisalPolicy {
        allowedStatuses = Set.copyOf(allowedStatuses);
        refusedAdvisories = Set.copyOf(refusedAdvisories);
        measurements = Map.copyOf(measurements);
        required = Set.copyOf(required);
        for (String status : allowedStatuses) {
            if (!STATUSES.contains(status)) {
                throw new IllegalArgumentException("status \"" + status + "\" can not be allowed; known: "
                        + STATUSES.stream().sorted().toList());
            }
        }
    }

    /** Hardware evidence only, everything up to date, nothing debuggable; measurements are not pinned. */
    public static AppraisalPolicy strict() {
        return STRICT;
    }

    /** The same policy, which admits development evidence on a chain of the default test list. */
    public AppraisalPolicy withDevelopment(long chainId) {
        return withDevelopment(new DevelopmentRule(true, chainId, DevelopmentRule.DEFAULT_TEST_CHAINS));
    }

    /** The same policy with another rule for development evidence. */
    public AppraisalPolicy withDevelopment(DevelopmentRule rule) {
        return new AppraisalPolicy(
                allowedStatuses,
                refusedAdvisories,
                minimumTcbEvaluation,
                allowDebug,
                requireSeptVeDisable,
                allowServiceTd,
                measurements,
                snp,
                maxAge,
                required,
                rule);
    }

    /** The same policy with other pinned measurements. */
    public AppraisalPolicy withMeasurements(Map<String, Set<String>> values) {
        return new AppraisalPolicy(
                allowedStatuses,
                refusedAdvisories,
                minimumTcbEvaluation,
                allowDebug,
                requireSeptVeDisable,
                allowServiceTd,
                values,
                snp,
                maxAge,
                required,
                development);
    }

    /** The same policy with other accepted statuses. */
    public AppraisalPolicy withStatuses(Set<String> statuses) {
        return new AppraisalPolicy(
                statuses,
                refusedAdvisories,
                minimumTcbEvaluation,
                allowDebug,
                requireSeptVeDisable,
                allowServiceTd,
                measurements,
                snp,
                maxAge,
                required,
                development);
    }

    /** The same policy with another rule for SEV-SNP. */
    public AppraisalPolicy withSnp(SnpRule rule) {
        return new AppraisalPolicy(
                allowedStatuses,
                refusedAdvisories,
                minimumTcbEvaluation,
                allowDebug,
                requireSeptVeDisable,
                allowServiceTd,
                measurements,
                rule,
                maxAge,
                required,
                development);
    }

    /** Adds a measurement as a claim and reports unless it is one of the pinned values. */
    public void checkMeasurement(String name, byte[] value, Appraisal appraisal) {
        String hex = HexFormat.of().formatHex(value);
        appraisal.claim(name, hex);
        Set<String> accepted = measurements.get(name);
        if (accepted != null && !accepted.contains(hex)) {
            appraisal.report(Reason.MEASUREMENT_MISMATCH, name + " is " + hex + ", none of the policy's");
        }
    }
}
