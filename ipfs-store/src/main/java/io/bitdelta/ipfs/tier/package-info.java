/**
 * Stores in layers: fast ones before slow ones, one of them the primary.
 *
 * <p>Entry: {@link io.bitdelta.ipfs.tier.TieredBlockstore}, composed of any {@link io.bitdelta.ipfs.block.Blockstore}s:
 * {@link io.bitdelta.ipfs.tier.RedisBlockstore}, {@link io.bitdelta.ipfs.tier.S3Blockstore}, the file store, a daemon.
 * Invariants: every hop verifies; a tier that gives wrong bytes is reported and passed over, never believed; a write is
 * acknowledged once the primary holds it, and reaches the slower tiers even after a crash, through
 * {@link io.bitdelta.ipfs.tier.WriteQueue} and {@link io.bitdelta.ipfs.tier.DaemonMirror}.
 */
@NullMarked
package io.bitdelta.ipfs.tier;

import org.jspecify.annotations.NullMarked;
