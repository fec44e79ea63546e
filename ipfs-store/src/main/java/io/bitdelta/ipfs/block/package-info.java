/**
 * Blocks and where they are kept.
 *
 * <p>Entry: {@link io.bitdelta.ipfs.block.Blockstore}; on disk {@link io.bitdelta.ipfs.block.FileBlockstore}. Invariants: a
 * {@link io.bitdelta.ipfs.block.Block}'s bytes hash to its identifier from its construction on; every read of a store
 * hashes again; a block that was acknowledged survives a crash; a block is visible whole or not at all. Version 0 and
 * version 1 identifiers of the same dag-pb bytes name the same stored block.
 */
@NullMarked
package io.bitdelta.ipfs.block;

import org.jspecify.annotations.NullMarked;
