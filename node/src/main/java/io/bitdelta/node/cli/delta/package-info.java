/** The {@code delta} command group; entry: {@link io.bitdelta.node.cli.delta.DeltaCommands}. */
@NullMarked
package io.bitdelta.node.cli.delta;

import org.jspecify.annotations.NullMarked;
