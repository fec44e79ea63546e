package io.bitdelta.engine.serve;

import io.bitdelta.engine.EngineInputException;

/** A conversation that cannot be put into a model's format. */
public final class ChatTemplateException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Says what and what to do. */
    public ChatTemplateException(String message) {
        super(message);
    }
}
