/** The {@code verify} command; entry: {@link io.bitdelta.node.cli.verify.VerifyCommand}. */
@NullMarked
package io.bitdelta.node.cli.verify;

import org.jspecify.annotations.NullMarked;
