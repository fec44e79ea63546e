package io.bitdelta.ipfs.cid;

/** Bytes that are not a strict unsigned varint. */
public final class MalformedVarintException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    MalformedVarintException(String message) {
        super(message);
    }
}
