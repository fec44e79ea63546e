/**
 * Content-addressed storage that trusts nothing it reads.
 *
 * <p>Entry: {@link io.bitdelta.ipfs.ContentStore}: pins in a folder, blocks in the same folder, at a daemon or in a bucket, as
 * {@link io.bitdelta.ipfs.StoreSettings} say.
 */
@NullMarked
package io.bitdelta.ipfs;

import org.jspecify.annotations.NullMarked;
