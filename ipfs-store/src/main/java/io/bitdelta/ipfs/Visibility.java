package io.bitdelta.ipfs;

/** Who may read pinned content through the gateway. */
public enum Visibility {
    /** The gateway never serves it. */
    PRIVATE,
    /** The gateway serves everything that hangs under the pin. */
    PUBLIC
}
