/**
 * The differentiable twin of the forward pass: the same graph in PyTorch operations (through DJL), for training and
 * calibration alone. Not exported: other packages of this module use it.
 *
 * <p>Entry types: {@link io.bitdelta.engine.model.twin.Torch} starts the native engine, {@link
 * io.bitdelta.engine.model.twin.Twin} computes logits from weights that a {@link
 * io.bitdelta.engine.model.twin.Variant} provides.
 *
 * <p>Invariants: numbers live in native memory that Java owns ({@link io.bitdelta.engine.model.twin.FloatBlock}); every
 * step makes fresh arrays over it and releases all of them together. So gradients never need to be zeroed, memory is flat,
 * and no array outlives its step. No operand of a differentiated expression is a Java number: DJL frees those too early.
 */
@NullMarked
package io.bitdelta.engine.model.twin;

import org.jspecify.annotations.NullMarked;
