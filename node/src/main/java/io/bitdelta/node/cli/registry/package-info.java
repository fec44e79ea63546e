/** The {@code registry} command group; entry: {@link io.bitdelta.node.cli.registry.RegistryCommands}. */
@NullMarked
package io.bitdelta.node.cli.registry;

import org.jspecify.annotations.NullMarked;
