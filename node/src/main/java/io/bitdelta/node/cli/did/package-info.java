/** The {@code did} command group; entry: {@link io.bitdelta.node.cli.did.DidCommands}. */
@NullMarked
package io.bitdelta.node.cli.did;

import org.jspecify.annotations.NullMarked;
