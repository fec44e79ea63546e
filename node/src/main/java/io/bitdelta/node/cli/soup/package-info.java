/** The {@code soup} command group: mixing deltas, and holding proposers of soups to their members' vote. */
@NullMarked
package io.bitdelta.node.cli.soup;

import org.jspecify.annotations.NullMarked;
