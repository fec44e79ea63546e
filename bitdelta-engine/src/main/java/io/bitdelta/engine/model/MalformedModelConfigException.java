package io.bitdelta.engine.model;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A {@code config.json} that does not describe a model. */
public final class MalformedModelConfigException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the file and what is wrong. */
    public MalformedModelConfigException(Path config, String what) {
        super(config + ": " + what);
    }

    /** As above, with the failure that revealed it. */
    public MalformedModelConfigException(Path config, String what, Throwable cause) {
        super(config + ": " + what, cause);
    }
}
