package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.cid.Cid;

/** Content that was to be read as a file is something else. */
public final class NotAFileException extends ContentException {
    private static final long serialVersionUID = 1L;

    NotAFileException(Cid cid, String what) {
        super("content " + cid + " is not a file: " + what);
    }
}
