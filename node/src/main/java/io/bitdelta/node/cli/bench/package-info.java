/** The {@code bench} command group; entry: {@link io.bitdelta.node.cli.bench.BenchCommands}. */
@NullMarked
package io.bitdelta.node.cli.bench;

import org.jspecify.annotations.NullMarked;
