package io.bitdelta.engine.model;

import io.bitdelta.engine.EngineInputException;
import io.bitdelta.engine.commit.Hash32;
import java.nio.file.Path;

/** A file that is not the delta that was asked for. */
public final class WrongDeltaException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the file and both hashes. */
    public WrongDeltaException(Path delta, Hash32 wanted, Hash32 found) {
        super("%s: its SHA-256 is %s, wanted is %s; it was changed or is another delta"
                .formatted(delta, found, wanted));
    }
}
