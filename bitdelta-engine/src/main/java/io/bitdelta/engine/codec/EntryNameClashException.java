package io.bitdelta.engine.codec;

import io.bitdelta.engine.EngineInputException;

/** Two entries of a delta file would have the same name. */
public final class EntryNameClashException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the entry. */
    public EntryNameClashException(String entry) {
        super("two entries of the delta file would be named " + entry + "; exclude one of the tensors");
    }
}
