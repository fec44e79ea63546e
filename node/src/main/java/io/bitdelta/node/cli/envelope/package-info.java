/** The {@code envelope} command group; entry: {@link io.bitdelta.node.cli.envelope.EnvelopeCommands}. */
@NullMarked
package io.bitdelta.node.cli.envelope;

import org.jspecify.annotations.NullMarked;
