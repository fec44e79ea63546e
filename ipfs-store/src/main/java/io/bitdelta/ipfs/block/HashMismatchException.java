package io.bitdelta.ipfs.block;

import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.cid.Cid;

/** Bytes that do not hash to the identifier they were given for. */
public final class HashMismatchException extends ContentException {
    private static final long serialVersionUID = 1L;

    private final transient Cid expected;
    private final transient Cid computed;

    HashMismatchException(Cid expected, Cid computed) {
        super("bytes given for block " + expected + " hash to " + computed);
        this.expected = expected;
        this.computed = computed;
    }

    /** The identifier the bytes were given for. */
    public Cid expected() {
        return expected;
    }

    /** The identifier the bytes have. */
    public Cid computed() {
        return computed;
    }
}
