package io.bitdelta.ipfs.cid;

/** Text or bytes that are not a content identifier this store can check. The message says what is wrong and with what. */
public final class InvalidCidException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** One line: what is wrong, and with what. */
    public InvalidCidException(String message) {
        super(message);
    }
}
