/** The {@code royalty} command group; entry: {@link io.bitdelta.node.cli.royalty.RoyaltyCommands}. */
@NullMarked
package io.bitdelta.node.cli.royalty;

import org.jspecify.annotations.NullMarked;
