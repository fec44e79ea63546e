/**
 * The BitDelta engine: tensors in, one-bit deltas, commitments and soups out.
 *
 * <p>Start at {@link io.bitdelta.engine.codec.DeltaCompressor} (base + fine-tune to delta file),
 * {@link io.bitdelta.engine.codec.DeltaFile} (read and check one), {@link io.bitdelta.engine.commit.DeltaCommitment}
 * (its Merkle roots) and {@link io.bitdelta.engine.soup.MajoritySoup} (mix several).
 *
 * <p>Invariants: the same inputs give the same bytes on every machine, at every number of threads and every vector
 * width; nothing is read that was not bounds-checked; a file is written whole or not at all. The engine knows no network,
 * chain, database or HTTP.
 */
@NullMarked
package io.bitdelta.engine;

import org.jspecify.annotations.NullMarked;
