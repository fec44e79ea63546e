package io.bitdelta.ipfs.cid;

/** Codes of the multicodec table that say how a block's bytes are to be read. */
public final class Codec {
    /** Plain bytes. */
    public static final long RAW = 0x55;
    /** Merkle-DAG protocol buffers: what UnixFS files and folders are made of. */
    public static final long DAG_PB = 0x70;
    /** Canonical CBOR with links. */
    public static final long DAG_CBOR = 0x71;

    private Codec() {}
}
