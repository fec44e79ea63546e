package io.bitdelta.engine.safety;

import io.bitdelta.engine.EngineInputException;

/** Fewer deltas than a comparison needs. */
public final class TooFewMembersException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names both numbers. */
    public TooFewMembersException(int members, int needed) {
        super("%d deltas have no majority to stand out from; at least %d are needed".formatted(members, needed));
    }
}
