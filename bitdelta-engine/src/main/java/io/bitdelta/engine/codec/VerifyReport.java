package io.bitdelta.engine.codec;

import java.util.List;

/**
 * The outcome of a verification.
 *
 * @param ok whether every check holds
 * @param checks in the order in which they were made; those after a failed one that they depend on are left out
 */
public record VerifyReport(boolean ok, List<Check> checks) {
    /** The outcome of these checks. */
    public static VerifyReport of(List<Check> checks) {
        return new VerifyReport(checks.stream().allMatch(Check::ok), List.copyOf(checks));
    }
}
