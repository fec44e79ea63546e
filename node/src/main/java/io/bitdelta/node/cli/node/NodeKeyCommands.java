package io.bitdelta.node.cli.node;

import picocli.CommandLine.Command;

/** The {@code node key} command group. */
@Command(
        name = "key",
        description = "API keys: for programs that call the node.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {NodeKeyNew.class, NodeKeyList.class, NodeKeyRevoke.class})
final class NodeKeyCommands {}
