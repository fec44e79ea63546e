/**
 * Measurements of the codec against the machine's own limits. Entries: {@link io.bitdelta.engine.bench.CodecBench},
 * {@link io.bitdelta.engine.bench.ModelBench}, {@link io.bitdelta.engine.bench.TrainingBench}. Each row
 * is a ratio to a baseline of the same run, because absolute speeds say more about the machine than about the program.
 */
@NullMarked
package io.bitdelta.engine.bench;

import org.jspecify.annotations.NullMarked;
