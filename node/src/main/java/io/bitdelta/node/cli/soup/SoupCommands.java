package io.bitdelta.node.cli.soup;

import picocli.CommandLine.Command;

/** The {@code soup} command group. */
@Command(
        name = "soup",
        description = "Mix deltas by vote, and check soups that were proposed on chain.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SoupCreate.class,
            SoupPropose.class,
            SoupConsent.class,
            SoupList.class,
            SoupShow.class,
            SoupAudit.class
        })
public final class SoupCommands {}
