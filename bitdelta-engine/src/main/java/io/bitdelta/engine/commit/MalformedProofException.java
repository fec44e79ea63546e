package io.bitdelta.engine.commit;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A document that is not a chunk proof. */
public final class MalformedProofException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public MalformedProofException(Path file, String what) {
        super(file + ": not a chunk proof: " + what);
    }
}
