package io.bitdelta.node.cli.store;

import picocli.CommandLine.Command;

/** The {@code store} command group. */
@Command(
        name = "store",
        description = "The content store: add, get, pin and verify content by CID.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {})
public final class StoreCommands {}
