/**
 * The delta file (FORMATS section 3): compress, read, inspect, verify, apply.
 *
 * <p>Entry types: {@link io.bitdelta.engine.codec.DeltaCompressor} writes one, {@link io.bitdelta.engine.codec.DeltaFile}
 * reads one, {@link io.bitdelta.engine.codec.DeltaVerifier} checks one, {@link io.bitdelta.engine.codec.DeltaApplier}
 * rebuilds a checkpoint. Source of the method: BitDelta (arXiv 2402.10193); scales per row or column: arXiv 2512.19720.
 *
 * <p>Invariants: a delta file has exactly one encoding; an open {@code DeltaFile} has passed every check that needs no
 * weights; a writer leaves the whole file or none.
 */
@NullMarked
package io.bitdelta.engine.codec;

import org.jspecify.annotations.NullMarked;
