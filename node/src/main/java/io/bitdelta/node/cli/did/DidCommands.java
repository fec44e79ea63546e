package io.bitdelta.node.cli.did;

import picocli.CommandLine.Command;

/** The {@code did} command group. */
@Command(
        name = "did",
        description =
                "Identities: who controls a DID, now and before, what it says of itself, and what it has published.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DidResolve.class, DidRotate.class, DidDelegate.class, DidAttribute.class})
public final class DidCommands {}
