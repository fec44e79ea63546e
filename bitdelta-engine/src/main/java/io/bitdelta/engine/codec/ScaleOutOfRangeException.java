package io.bitdelta.engine.codec;

import io.bitdelta.engine.EngineInputException;

/** A scale would leave 0..10: the two checkpoints are not a base and its fine-tune. */
public final class ScaleOutOfRangeException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the tensor, the scale and its value. */
    public ScaleOutOfRangeException(String tensor, long index, double value) {
        super("tensor %s: scale %d would be %s, allowed are 0 to %s; is this a fine-tune of that base?"
                .formatted(tensor, index, value, DeltaFile.MAX_SCALE));
    }
}
