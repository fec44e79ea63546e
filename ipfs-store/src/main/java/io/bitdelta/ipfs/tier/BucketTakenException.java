package io.bitdelta.ipfs.tier;

import io.bitdelta.ipfs.ContentException;

/** A bucket (or a prefix of it) belongs to another store, whose pins this one does not know. */
public final class BucketTakenException extends ContentException {
    private static final long serialVersionUID = 1L;

    BucketTakenException(String place, String owner, String wanted) {
        super(place + " belongs to the store " + owner + ", not to this one (" + wanted
                + "); give each store a bucket or a prefix of its own");
    }
}
