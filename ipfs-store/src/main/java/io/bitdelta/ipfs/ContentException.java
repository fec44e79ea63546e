package io.bitdelta.ipfs;

import java.io.IOException;

/** The common kind of everything that can be wrong with stored or fetched content. */
public abstract class ContentException extends IOException {
    private static final long serialVersionUID = 1L;

    /** One line: what, where, and what to do where that is known. */
    protected ContentException(String message) {
        super(message);
    }

    /** As {@link #ContentException(String)}, with a cause. */
    protected ContentException(String message, Throwable cause) {
        super(message, cause);
    }
}
