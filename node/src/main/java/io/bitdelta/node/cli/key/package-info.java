/** The {@code key} command group; entry: {@link io.bitdelta.node.cli.key.KeyCommands}. */
@NullMarked
package io.bitdelta.node.cli.key;

import org.jspecify.annotations.NullMarked;
