package io.bitdelta.engine.codec;

import io.bitdelta.engine.EngineInputException;
import io.bitdelta.engine.commit.Hash32;
import java.nio.file.Path;

/** A delta was made for another base. */
public final class BaseMismatchException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names both files and both hashes. */
    public BaseMismatchException(Path delta, Hash32 wanted, Path base, Hash32 found) {
        super("%s is a delta over the base %s, but %s is %s".formatted(delta, wanted, base, found));
    }
}
