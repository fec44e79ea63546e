package io.bitdelta.engine.train;

import io.bitdelta.engine.privacy.BudgetLedger;
import java.nio.file.Path;

/**
 * What a private run may cost.
 *
 * @param epsilon the target
 * @param delta the failure probability, at most 0.001
 * @param clipNorm to which each example's gradient is clipped
 * @param ledger the budget that the run is charged to
 * @param run the run's name in the ledger
 */
public record PrivateOptions(double epsilon, double delta, double clipNorm, Path ledger, String run) {
    /** Checks the ranges. */
    public PrivateOptions {
        BudgetLedger.Amount.of(epsilon, delta);
        if (!(delta > 0)) {
            throw new TrainingOptionException("delta must be above 0, not " + delta);
        }
        if (!(clipNorm > 0) || Double.isInfinite(clipNorm)) {
            throw new TrainingOptionException("the clipping norm must be a number above 0, not " + clipNorm);
        }
        if (!run.matches("[A-Za-z0-9._:-]{1,128}")) {
            throw new TrainingOptionException(
                    "a run's name is 1 to 128 letters, digits, dots, colons, hyphens and underscores, not \"" + run
                            + "\"");
        }
    }
}
