package io.bitdelta.ipfs.tier;

import io.bitdelta.ipfs.cid.Cid;

/** Hears what happens in the tiers, for metrics; called from any thread. */
public interface TierListener {
    /** Hears nothing. */
    TierListener NONE = new TierListener() {};

    /** A tier had the block. */
    default void hit(String tier) {}

    /** A tier did not have the block. */
    default void miss(String tier) {}

    /** A tier failed, or could not be reached. */
    default void failed(String tier) {}

    /** A tier gave bytes that are not the block. */
    default void lied(String tier, Cid cid) {}

    /** A block reached a slower tier. */
    default void copied(String tier) {}
}
