/** The {@code demo} command; entry: {@link io.bitdelta.node.cli.demo.DemoCommand}. */
@NullMarked
package io.bitdelta.node.cli.demo;

import org.jspecify.annotations.NullMarked;
