package io.bitdelta.attestation.appraisal;

import java.util.Map;
import java.util.Set;

/**
 * What is asked of SEV-SNP reports.
 *
 * @param vmpls allowed privilege levels, 0 to 3
 * @param allowVlek whether a cloud provider's key may sign
 * @param allowMigration whether a migration agent may be attached
 * @param requireCrl whether a current AMD revocation list must be among the endorsements
 * @param minimumTcb least security version by component ({@code bootloader tee snp microcode fmc})
 */
public record SnpRule(
        Set<Integer> vmpls,
        boolean allowVlek,
        boolean allowMigration,
        boolean requireCrl,
        Map<String, Integer> minimumTcb) {
    /** Level 0, the chip's own key, no migration; a revocation list is checked when it is there. */
    public static final SnpRule STRICT = new SnpRule(Set.of(0), false, false, false, Map.of());

    /** Copies. */
    public SnpRule {
        vmpls = Set.copyOf(vmpls);
        minimumTcb = Map.copyOf(minimumTcb);
    }
}
