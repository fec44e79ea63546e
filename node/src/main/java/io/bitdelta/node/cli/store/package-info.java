/** The {@code store} command group; entry: {@link io.bitdelta.node.cli.store.StoreCommands}. */
@NullMarked
package io.bitdelta.node.cli.store;

import org.jspecify.annotations.NullMarked;
