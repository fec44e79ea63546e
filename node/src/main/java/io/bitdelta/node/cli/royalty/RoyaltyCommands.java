package io.bitdelta.node.cli.royalty;

import picocli.CommandLine.Command;

/** The {@code royalty} command group. */
@Command(
        name = "royalty",
        description = "Royalties: pay a soup, see what an identity earned, claim it, and settle metered use.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RoyaltyPay.class,
            RoyaltyDistribute.class,
            RoyaltyBalance.class,
            RoyaltyClaim.class,
            RoyaltyClaimAll.class,
            RoyaltyStatement.class,
            VoucherCommands.class,
            RoyaltySettle.class
        })
public final class RoyaltyCommands {}
