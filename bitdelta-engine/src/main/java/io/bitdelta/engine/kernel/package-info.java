/**
 * The inner loops: the only place with Vector API code.
 *
 * <p>Entry type: {@link io.bitdelta.engine.kernel.KernelProvider}, which chooses one
 * {@link io.bitdelta.engine.kernel.WeightKernels} per process. Invariant: every implementation gives the same bits as the
 * scalar one. All segments are native; mixing heap and native segments in one loop costs several times its speed.
 */
@NullMarked
package io.bitdelta.engine.kernel;

import org.jspecify.annotations.NullMarked;
