package io.bitdelta.ipfs.block;

import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.cid.Cid;

/** A block that is needed is nowhere it was looked for. */
public final class BlockNotFoundException extends ContentException {
    private static final long serialVersionUID = 1L;

    private final transient Cid cid;

    /** {@code where} names the store or the content that needs the block. */
    public BlockNotFoundException(Cid cid, String where) {
        super("block " + cid + " is not in " + where);
        this.cid = cid;
    }

    /** The missing block. */
    public Cid cid() {
        return cid;
    }
}
