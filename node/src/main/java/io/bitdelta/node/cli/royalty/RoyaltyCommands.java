package io.bitdelta.node.cli.royalty;

import picocli.CommandLine.Command;

/** The {@code royalty} command group. */
@Command(
        name = "royalty",
        description = "Royalties: pay a soup, see what an identity earned, claim it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RoyaltyPay.class, RoyaltyBalance.class, RoyaltyClaim.class})
public final class RoyaltyCommands {}
