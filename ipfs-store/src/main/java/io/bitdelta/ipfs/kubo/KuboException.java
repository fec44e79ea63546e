package io.bitdelta.ipfs.kubo;

import io.bitdelta.ipfs.ContentException;

/** The daemon refused a call, or did not answer it properly. Names the call, the daemon and its words. */
public final class KuboException extends ContentException {
    private static final long serialVersionUID = 1L;

    private final int status;

    KuboException(String message, int status) {
        super(message);
        this.status = status;
    }

    KuboException(String message, Throwable cause) {
        super(message, cause);
        this.status = 0;
    }

    /** The HTTP status, 0 if there was no answer. */
    public int status() {
        return status;
    }

    /** Whether trying again may help: no answer, a broken one, or the daemon's own trouble. */
    boolean isTransient() {
        return status == 0 || status == 429 || status == 502 || status == 503 || status == 504;
    }
}
