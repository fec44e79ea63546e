package io.bitdelta.node.cli.store;

import picocli.CommandLine.Command;

/** The {@code store} command group. */
@Command(
        name = "store",
        description = "The content store: add, get, pin and verify content by CID.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AddCommand.class,
            GetCommand.class,
            CatCommand.class,
            ListCommand.class,
            PinCommand.class,
            UnpinCommand.class,
            GcCommand.class,
            VerifyCommand.class,
            ExportCommand.class,
            ImportCommand.class,
        })
public final class StoreCommands {}
