package io.bitdelta.node.cli.privacy;

import picocli.CommandLine.Command;

/** The {@code privacy} command group. */
@Command(
        name = "privacy",
        description = "Count what private training costs, find the noise for a target, keep a budget.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PrivacyEpsilon.class, PrivacyNoise.class, PrivacyBudget.class})
public final class PrivacyCommands {}
