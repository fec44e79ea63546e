package io.bitdelta.node.cli.registry;

import picocli.CommandLine.Command;

/** The {@code registry} command group. */
@Command(
        name = "registry",
        description = "The registry on the chain: publish, show, list and revoke deltas.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RegistryPublish.class, RegistryShow.class, RegistryList.class, RegistryRevoke.class})
public final class RegistryCommands {}
