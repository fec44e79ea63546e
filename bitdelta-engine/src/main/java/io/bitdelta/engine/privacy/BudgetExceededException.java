package io.bitdelta.engine.privacy;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A charge that the rest of a privacy budget does not cover. */
public final class BudgetExceededException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names what is asked and what is left, in thousandths of epsilon and in 1e-18 of delta. */
    BudgetExceededException(Path ledger, BudgetLedger.Amount asked, BudgetLedger.Amount left) {
        super(("%s: a run of epsilon %s and delta %s is asked for, left are epsilon %s and delta %s;"
                        + " train with less, or not at all")
                .formatted(ledger, asked.epsilon(), asked.delta(), left.epsilon(), left.delta()));
    }
}
