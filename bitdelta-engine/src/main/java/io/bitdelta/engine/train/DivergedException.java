package io.bitdelta.engine.train;

import io.bitdelta.engine.EngineInputException;

/** The loss is no longer a number, or ten times what guessing would cost. */
public final class DivergedException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the step and the loss. */
    public DivergedException(long step, double loss) {
        super("the loss is %s at step %d; nothing was written, use a lower learning rate".formatted(loss, step));
    }
}
