package io.bitdelta.ipfs.car;

/** How much of a DAG an archive holds (IPIP-0402). */
public enum CarScope {
    /** The last block of the path. */
    BLOCK,
    /** What makes up the thing there: a file's blocks, a folder's own blocks, a document. */
    ENTITY,
    /** Everything under it. */
    ALL
}
