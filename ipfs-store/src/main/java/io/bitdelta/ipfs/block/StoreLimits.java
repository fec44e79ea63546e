package io.bitdelta.ipfs.block;

/**
 * How much room a store may take.
 *
 * @param quotaBytes the most bytes of blocks; {@link Long#MAX_VALUE} for no quota
 * @param reserveBytes bytes of the disk that stay free
 */
public record StoreLimits(long quotaBytes, long reserveBytes) {
    /** No quota; 64 MiB of the disk stay free for the rest of the system. */
    public static final StoreLimits DEFAULT = new StoreLimits(Long.MAX_VALUE, 64L << 20);

    /** Both are not negative. */
    public StoreLimits {
        if (quotaBytes < 0 || reserveBytes < 0) {
            throw new IllegalArgumentException(
                    "negative limit: quota " + quotaBytes + " bytes, reserve " + reserveBytes + " bytes");
        }
    }

    boolean hasQuota() {
        return quotaBytes != Long.MAX_VALUE;
    }
}
