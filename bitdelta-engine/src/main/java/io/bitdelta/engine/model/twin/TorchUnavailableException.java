package io.bitdelta.engine.model.twin;

import io.bitdelta.engine.EngineInputException;

/** Training was asked for where PyTorch does not run. */
public final class TorchUnavailableException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Says what the native engine said. */
    public TorchUnavailableException(Throwable cause) {
        super(
                "training and calibration need PyTorch's native library for Linux on x86-64: " + cause.getMessage(),
                cause);
    }
}
