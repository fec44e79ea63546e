/**
 * Measurements of the codec against the machine's own limits. Entry: {@link io.bitdelta.engine.bench.CodecBench}. Each row
 * is a ratio to a baseline of the same run, because absolute speeds say more about the machine than about the program.
 */
@NullMarked
package io.bitdelta.engine.bench;

import org.jspecify.annotations.NullMarked;
