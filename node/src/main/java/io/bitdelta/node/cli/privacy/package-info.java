/** The {@code privacy} commands: the accountant, the noise for a target, a user's budget. */
@NullMarked
package io.bitdelta.node.cli.privacy;

import org.jspecify.annotations.NullMarked;
