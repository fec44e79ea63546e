package io.bitdelta.engine.tensor;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** The index of a sharded checkpoint does not describe its shards. */
public final class ShardIndexException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the index and the disagreement. */
    public ShardIndexException(Path index, String what) {
        super(index + ": " + what);
    }

    /** As above, with the failure that revealed it. */
    public ShardIndexException(Path index, String what, Throwable cause) {
        super(index + ": " + what, cause);
    }
}
