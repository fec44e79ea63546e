/**
 * Where a crash would hurt: the named places between two effects that must not part.
 *
 * <p>Entry: {@link io.bitdelta.node.fault.FaultPoint}. Code passes a point by calling {@link
 * io.bitdelta.node.fault.Faults#reach}, which does nothing in a running node. Tests hand in an implementation that stops the
 * process there, and hold that each point of the enum is passed: the list of points is the enum, not a list beside it.
 */
@NullMarked
package io.bitdelta.node.fault;

import org.jspecify.annotations.NullMarked;
