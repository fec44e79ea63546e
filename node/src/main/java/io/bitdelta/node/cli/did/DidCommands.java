package io.bitdelta.node.cli.did;

import picocli.CommandLine.Command;

/** The {@code did} command group. */
@Command(
        name = "did",
        description = "Identities: what a DID has published, and who controls it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DidResolve.class})
public final class DidCommands {}
