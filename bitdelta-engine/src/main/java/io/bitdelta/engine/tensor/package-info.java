/**
 * Memory-mapped safetensors checkpoints.
 */
@NullMarked
package io.bitdelta.engine.tensor;

import org.jspecify.annotations.NullMarked;
