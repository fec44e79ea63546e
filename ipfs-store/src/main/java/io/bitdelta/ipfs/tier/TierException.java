package io.bitdelta.ipfs.tier;

import io.bitdelta.ipfs.ContentException;

/** A tier cannot be reached, or refused a call. Names the tier. */
public final class TierException extends ContentException {
    private static final long serialVersionUID = 1L;

    TierException(String tier, Throwable cause) {
        super(
                tier + " failed: "
                        + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage()),
                cause);
    }
}
