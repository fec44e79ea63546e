package io.bitdelta.engine.model;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A model whose configuration asks for something that this engine does not compute. */
public final class UnsupportedModelException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the configuration, what it asks for and what is known. */
    public UnsupportedModelException(Path config, String what) {
        super(config + ": " + what);
    }
}
