package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.cid.Cid;

/** A path leads nowhere: a block on the way has no entry of that name. */
public final class PathNotFoundException extends ContentException {
    private static final long serialVersionUID = 1L;

    PathNotFoundException(Cid at, String segment) {
        super("no '" + segment + "' under " + at);
    }
}
