/** The {@code model} commands: what a model, with or without a delta, says and how well, and training one. */
@NullMarked
package io.bitdelta.node.cli.model;

import org.jspecify.annotations.NullMarked;
