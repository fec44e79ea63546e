package io.bitdelta.node.cli.delta;

import picocli.CommandLine.Command;

/** The {@code delta} command group. */
@Command(
        name = "delta",
        description = "Compress, inspect, verify and apply BitDeltas.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {})
public final class DeltaCommands {}
