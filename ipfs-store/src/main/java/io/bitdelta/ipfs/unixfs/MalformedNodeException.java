package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.cid.Cid;

/** A block hashes to its identifier but does not hold what its codec promises. Names the block and the finding. */
public final class MalformedNodeException extends ContentException {
    private static final long serialVersionUID = 1L;

    /** One line about the block. */
    public MalformedNodeException(Cid cid, String finding) {
        super("malformed node " + cid + ": " + finding);
    }
}
