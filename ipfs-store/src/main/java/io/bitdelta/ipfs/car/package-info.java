/**
 * Content-addressable archives: blocks in a stream.
 *
 * <p>Entries: {@link io.bitdelta.ipfs.car.CarReader} (versions 1 and 2), {@link io.bitdelta.ipfs.car.CarWriter} (version
 * 1), {@link io.bitdelta.ipfs.car.CarSelection} (which blocks of a DAG, in which order). Invariants: a reader verifies
 * every block and allocates no more than one block at a time; a writer never writes an identity block.
 *
 * <p>Sources: the CARv1 and CARv2 specifications; IPIP-0402 and IPIP-0412 for selections.
 */
@NullMarked
package io.bitdelta.ipfs.car;

import org.jspecify.annotations.NullMarked;
