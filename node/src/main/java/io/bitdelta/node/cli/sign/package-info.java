/** The {@code sign} command group; entry: {@link io.bitdelta.node.cli.sign.SignCommands}. */
@NullMarked
package io.bitdelta.node.cli.sign;

import org.jspecify.annotations.NullMarked;
