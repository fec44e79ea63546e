package io.bitdelta.ipfs.tier;

import io.bitdelta.ipfs.cid.Cid;

/** Hears what happens in the tiers, for metrics; called from any thread. */
public interface TierListener {
    /** Hears nothing. */
    TierListener NONE = new TierListener() {};

    /** A tier gave a block of so many bytes after so many nanoseconds. */
    default void hit(String tier, int bytes, long nanos) {}

    /** A tier said after so many nanoseconds that it does not have a block. */
    default void miss(String tier, long nanos) {}

    /** A tier failed, or could not be reached. */
    default void failed(String tier) {}

    /** A tier gave bytes that are not the block. */
    default void lied(String tier, Cid cid) {}

    /** The primary was given a block of so many bytes. */
    default void stored(String tier, int bytes) {}

    /** A block, or a pin with all its blocks, reached a slower tier. */
    default void copied(String tier) {}
}
