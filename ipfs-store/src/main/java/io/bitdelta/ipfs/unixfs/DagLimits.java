package io.bitdelta.ipfs.unixfs;

/**
 * What a reader puts up with.
 *
 * @param maxBytes the most bytes of one file
 * @param maxDepth the most links between a root and a leaf; 1024 links per node reach an exabyte at depth 4
 * @param maxBlocks the most distinct blocks of one DAG
 */
public record DagLimits(long maxBytes, int maxDepth, long maxBlocks) {
    /** 16 TiB, depth 64, 64 Mi blocks. */
    public static final DagLimits DEFAULT = new DagLimits(1L << 44, 64, 1L << 26);

    /** All are positive. */
    public DagLimits {
        if (maxBytes < 1 || maxDepth < 1 || maxBlocks < 1) {
            throw new IllegalArgumentException("limits must be positive: " + maxBytes + " bytes, depth " + maxDepth
                    + ", " + maxBlocks + " blocks");
        }
    }

    /** The same with another limit on a file's bytes. */
    public DagLimits withMaxBytes(long bytes) {
        return new DagLimits(bytes, maxDepth, maxBlocks);
    }
}
