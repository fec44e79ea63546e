package io.bitdelta.node.cli.delta;

import picocli.CommandLine.Command;

/** The {@code delta} command group. */
@Command(
        name = "delta",
        description = "Compress, inspect, verify and apply BitDeltas.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CompressCommand.class,
            CalibrateCommand.class,
            FromLoraCommand.class,
            ImportCommand.class,
            InspectCommand.class,
            DiffCommand.class,
            ScanCommand.class,
            MergeCommand.class,
            VerifyCommand.class,
            ApplyCommand.class,
            ProveCommand.class,
            CheckProofCommand.class
        })
public final class DeltaCommands {}
