package io.bitdelta.ipfs.block;

import io.bitdelta.ipfs.ContentException;

/** A block, or something that must fit into one, is larger than the limit. */
public final class BlockTooLargeException extends ContentException {
    private static final long serialVersionUID = 1L;

    /** Both sizes in bytes. */
    public BlockTooLargeException(String what, long bytes, long limit) {
        super(what + " has " + bytes + " bytes; at most " + limit + " are allowed");
    }
}
