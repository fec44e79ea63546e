package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.cid.Cid;

/** A DAG is deeper or larger than the reader's {@link DagLimits} allow. */
public final class DagLimitException extends ContentException {
    private static final long serialVersionUID = 1L;

    DagLimitException(Cid root, String what, long found, long limit) {
        super("content " + root + ": " + what + " is " + found + ", more than the limit of " + limit);
    }
}
