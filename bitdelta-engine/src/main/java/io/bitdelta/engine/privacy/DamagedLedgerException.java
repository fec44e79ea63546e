package io.bitdelta.engine.privacy;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A ledger whose chain of records does not hold: something else wrote to it, or took records away. */
public final class DamagedLedgerException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the file, the line and what is wrong. */
    DamagedLedgerException(Path ledger, int line, String what) {
        super("%s, line %d: %s; restore the file from a copy, nothing can be charged to it"
                .formatted(ledger, line, what));
    }
}
