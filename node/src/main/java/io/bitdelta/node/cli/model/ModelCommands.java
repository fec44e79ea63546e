package io.bitdelta.node.cli.model;

import picocli.CommandLine.Command;

/** The {@code model} command group. */
@Command(
        name = "model",
        description = "Train language models and see what deltas keep of them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TrainCommand.class, TableCommand.class})
public final class ModelCommands {}
