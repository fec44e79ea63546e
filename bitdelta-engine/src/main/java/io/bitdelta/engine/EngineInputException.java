package io.bitdelta.engine;

/**
 * Input that the engine refuses: a file, tensor or option that breaks a stated property. Each subclass is named for the
 * property; the message says what, where (file, tensor, offset) and what to do.
 */
public abstract class EngineInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A refusal with its one-line message. */
    protected EngineInputException(String message) {
        super(message);
    }

    /** A refusal that was discovered through another failure. */
    protected EngineInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
