/**
 * Deltas that other programs have saved. Entry: {@link io.bitdelta.engine.foreign.ForeignImporter}.
 *
 * <p>Invariant: reading builds numbers and tensors and nothing else. The pickle reader knows the opcodes and names that a
 * saved dictionary of tensors uses and refuses every other by name; it never looks a class up.
 */
@NullMarked
package io.bitdelta.engine.foreign;

import org.jspecify.annotations.NullMarked;
