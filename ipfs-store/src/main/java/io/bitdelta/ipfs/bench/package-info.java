/**
 * Measures the store against the hash it cannot do without, in one process and one run.
 *
 * <p>Entry: {@link io.bitdelta.ipfs.bench.StoreBench}.
 */
@NullMarked
package io.bitdelta.ipfs.bench;

import org.jspecify.annotations.NullMarked;
