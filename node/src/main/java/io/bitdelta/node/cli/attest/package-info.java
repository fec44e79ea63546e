/** The {@code attest} command group; entry: {@link io.bitdelta.node.cli.attest.AttestCommands}. */
@NullMarked
package io.bitdelta.node.cli.attest;

import org.jspecify.annotations.NullMarked;
