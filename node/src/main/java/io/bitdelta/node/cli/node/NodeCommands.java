package io.bitdelta.node.cli.node;

import picocli.CommandLine.Command;

/** The {@code node} command group. */
@Command(
        name = "node",
        description = "Run a node: configuration, start, status, jobs, keys, backup.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            NodeInit.class,
            NodeStart.class,
            NodeStatus.class,
            NodeLogin.class,
            NodeJobs.class,
            NodeKeyCommands.class,
            NodeBackup.class,
            NodeRestore.class,
            NodeReindex.class
        })
public final class NodeCommands {}
