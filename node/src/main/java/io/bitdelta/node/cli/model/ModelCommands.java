package io.bitdelta.node.cli.model;

import picocli.CommandLine.Command;

/** The {@code model} command group. */
@Command(
        name = "model",
        description = "Run, measure and train language models, with deltas and without.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            EvalCommand.class,
            LogitsCommand.class,
            GenerateCommand.class,
            TrainCommand.class,
            TableCommand.class
        })
public final class ModelCommands {}
