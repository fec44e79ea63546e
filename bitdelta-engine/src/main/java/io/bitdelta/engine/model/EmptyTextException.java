package io.bitdelta.engine.model;

import io.bitdelta.engine.EngineInputException;

/** Text without anything to compute on. */
public final class EmptyTextException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Says what is empty and how many tokens are needed. */
    public EmptyTextException(String what) {
        super(what);
    }
}
