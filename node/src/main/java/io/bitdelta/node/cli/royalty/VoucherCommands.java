package io.bitdelta.node.cli.royalty;

import picocli.CommandLine.Command;

/** The {@code royalty voucher} command group. */
@Command(
        name = "voucher",
        description = {
            "Vouchers: signed promises to pay soups for metered use, covered by escrow.",
            "A voucher says all that its payer owes to a soup so far; a later one replaces an earlier one."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            VoucherDeposit.class,
            VoucherIssue.class,
            VoucherAccept.class,
            VoucherList.class,
            VoucherAnnounce.class,
            VoucherWithdraw.class
        })
final class VoucherCommands {}
