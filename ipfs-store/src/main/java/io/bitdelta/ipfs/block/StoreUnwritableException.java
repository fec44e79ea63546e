package io.bitdelta.ipfs.block;

import io.bitdelta.ipfs.ContentException;

/** The store's folder cannot be created or written: permissions, a read-only disk, a file in its place. */
public final class StoreUnwritableException extends ContentException {
    private static final long serialVersionUID = 1L;

    /** Names the folder and the operating system's reason. */
    public StoreUnwritableException(String message, Throwable cause) {
        super(message, cause);
    }
}
