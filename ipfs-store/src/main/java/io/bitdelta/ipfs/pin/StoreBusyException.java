package io.bitdelta.ipfs.pin;

import io.bitdelta.ipfs.ContentException;
import java.time.Duration;

/** Imports kept running for longer than a collection would wait. */
public final class StoreBusyException extends ContentException {
    private static final long serialVersionUID = 1L;

    StoreBusyException(String store, Duration patience) {
        super(store + " was in use by imports for " + patience.toSeconds() + " s; nothing was collected, try again");
    }
}
