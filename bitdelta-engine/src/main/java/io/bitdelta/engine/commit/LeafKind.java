package io.bitdelta.engine.commit;

/** What a leaf of a delta's commitment is about. */
public enum LeafKind {
    /** Packed signs. */
    SIGNS(0),
    /** Scales, binary32 big-endian. */
    SCALES(1),
    /** Packed abstentions. */
    ABSTAIN(2);

    private final int code;

    LeafKind(int code) {
        this.code = code;
    }

    /** The number that stands in a leaf. */
    public int code() {
        return code;
    }
}
