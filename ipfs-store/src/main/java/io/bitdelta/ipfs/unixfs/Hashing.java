package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.cid.Sha256Batch;

/**
 * How an import hashes; the identifiers do not depend on it.
 *
 * @param threads how many threads read, hash and hand blocks over, the caller's included
 * @param sha256 what they hash with; each thread holds that many chunks in memory
 */
public record Hashing(int threads, Sha256Batch sha256) {
    /** One thread and the platform's function. */
    public static final Hashing PLAIN = threads(1);

    /** At least one thread. */
    public Hashing {
        if (threads < 1) {
            throw new IllegalArgumentException("at least one thread, not " + threads);
        }
    }

    /** Threads with the platform's function. */
    public static Hashing threads(int threads) {
        return new Hashing(threads, Sha256Batch.PLATFORM);
    }
}
