package io.bitdelta.node.cli.sign;

import picocli.CommandLine.Command;

/** The {@code sign} command group. */
@Command(
        name = "sign",
        description = "Owner signatures.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SignMessage.class,
            SignTyped.class,
            SignVerify.class,
            SignKey.class,
            SignPublic.class,
            SignFile.class,
            SignCheck.class
        })
public final class SignCommands {}
