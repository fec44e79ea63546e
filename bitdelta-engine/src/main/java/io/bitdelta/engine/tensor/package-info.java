/**
 * Memory-mapped safetensors checkpoints: one file, or shards with an index, of any size.
 *
 * <p>Entry type: {@link io.bitdelta.engine.tensor.Checkpoint}. Invariants: a tensor's segment lies inside its file and
 * has exactly the bytes that dtype and shape ask for; no length from a file is used before it was checked against the
 * file's size. Format: safetensors (8 bytes little-endian header length, JSON header, data).
 */
@NullMarked
package io.bitdelta.engine.tensor;

import org.jspecify.annotations.NullMarked;
