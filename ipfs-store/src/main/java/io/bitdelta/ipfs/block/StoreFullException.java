package io.bitdelta.ipfs.block;

import io.bitdelta.ipfs.ContentException;

/** There is no room for a block: the quota is used up or the disk is (nearly) full. Nothing was written. */
public final class StoreFullException extends ContentException {
    private static final long serialVersionUID = 1L;

    /** What is full, with numbers, and what to do. */
    public StoreFullException(String message) {
        super(message);
    }

    /** As {@link #StoreFullException(String)}, with the operating system's refusal. */
    public StoreFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
