/** The {@code model} commands. */
@NullMarked
package io.bitdelta.node.cli.model;

import org.jspecify.annotations.NullMarked;
