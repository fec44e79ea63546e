package io.bitdelta.ipfs.car;

import io.bitdelta.ipfs.ContentException;

/** A stream that is not an archive this module reads. */
public final class MalformedCarException extends ContentException {
    private static final long serialVersionUID = 1L;

    MalformedCarException(String finding) {
        super("malformed CAR: " + finding);
    }
}
