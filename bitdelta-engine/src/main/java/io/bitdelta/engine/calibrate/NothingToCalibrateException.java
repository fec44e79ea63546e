package io.bitdelta.engine.calibrate;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A delta without scales, or with tensors that calibration cannot change. */
public final class NothingToCalibrateException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the delta and why. */
    NothingToCalibrateException(Path delta, String why) {
        super(delta + ": " + why);
    }
}
