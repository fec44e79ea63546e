/**
 * Files and folders as Merkle DAGs of blocks.
 *
 * <p>Entries: {@link io.bitdelta.ipfs.unixfs.UnixFsImporter} turns bytes into blocks,
 * {@link io.bitdelta.ipfs.unixfs.UnixFsReader} turns them back, {@link io.bitdelta.ipfs.unixfs.DagWalk} visits every block
 * under a root. Invariants: an importer's blocks depend on the bytes and the profile alone; a reader trusts no size, count
 * or depth that a block declares; nothing recurses.
 *
 * <p>Sources: the IPLD dag-pb specification, the UnixFS specification, IPIP-0499 for the profile names.
 */
@NullMarked
package io.bitdelta.ipfs.unixfs;

import org.jspecify.annotations.NullMarked;
