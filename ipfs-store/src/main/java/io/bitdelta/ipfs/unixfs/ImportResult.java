package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.cid.Cid;

/**
 * What an import made.
 *
 * @param root names the content
 * @param bytes of the files
 * @param blocks handed to the store, repeated ones counted
 * @param treeBytes bytes of those blocks
 */
public record ImportResult(Cid root, long bytes, long blocks, long treeBytes) {}
