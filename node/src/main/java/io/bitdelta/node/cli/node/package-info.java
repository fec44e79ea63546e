/** The {@code node} command group; entry: {@link io.bitdelta.node.cli.node.NodeCommands}. */
@NullMarked
package io.bitdelta.node.cli.node;

import org.jspecify.annotations.NullMarked;
