/**
 * The command line: the edge where arguments become typed calls and results become text or JSON.
 *
 * <p>Entry: {@link io.bitdelta.node.cli.Main}. One package per command group ({@code cli.delta}, {@code cli.store}, ...),
 * one class per command. Commands hold no logic of their own: they parse, call one service and render.
 *
 * <p>Conventions: results on stdout, progress and logs on stderr, {@code --json} prints exactly one JSON object; exit
 * codes are those of {@link io.bitdelta.node.cli.ExitCode}.
 */
@NullMarked
package io.bitdelta.node.cli;

import org.jspecify.annotations.NullMarked;
