package io.bitdelta.engine.tensor;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;
import java.util.Arrays;

/** A tensor's element type is not one this version reads. */
public final class UnknownDtypeException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the file, the tensor and the dtype. */
    public UnknownDtypeException(Path file, String tensor, String dtype) {
        super("%s: tensor %s has dtype %s; known are %s"
                .formatted(file, tensor, dtype, Arrays.toString(Dtype.values())));
    }
}
