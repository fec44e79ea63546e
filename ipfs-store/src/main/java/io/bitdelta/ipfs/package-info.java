/**
 * Content-addressed storage that trusts nothing it reads.
 *
 * <p>Entry: {@link io.bitdelta.ipfs.ContentStore}, the embedded store of a node: a folder of blocks and pins.
 */
@NullMarked
package io.bitdelta.ipfs;

import org.jspecify.annotations.NullMarked;
