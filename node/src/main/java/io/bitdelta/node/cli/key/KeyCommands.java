package io.bitdelta.node.cli.key;

import picocli.CommandLine.Command;

/** The {@code key} command group. */
@Command(
        name = "key",
        description = "Keystore files.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {KeyNew.class, KeyList.class, KeyImport.class})
public final class KeyCommands {}
