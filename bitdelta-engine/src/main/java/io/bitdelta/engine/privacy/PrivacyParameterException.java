package io.bitdelta.engine.privacy;

import io.bitdelta.engine.EngineInputException;

/** A privacy parameter outside its range, or a target that no noise reaches. */
public final class PrivacyParameterException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Says which parameter, its value, and what it may be. */
    public PrivacyParameterException(String message) {
        super(message);
    }
}
