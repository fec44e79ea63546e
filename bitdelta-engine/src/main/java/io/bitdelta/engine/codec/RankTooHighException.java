package io.bitdelta.engine.codec;

import io.bitdelta.engine.EngineInputException;

/** A low-rank tensor with more directions than its weights have: it cannot come from them. */
public final class RankTooHighException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Both ranks. */
    public RankTooHighException(String tensor, long rank, long found) {
        super("tensor %s has rank %d, the weights give %d directions; a higher rank comes from an adapter"
                .formatted(tensor, rank, found));
    }
}
