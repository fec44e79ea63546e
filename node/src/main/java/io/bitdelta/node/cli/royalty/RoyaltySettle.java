package io.bitdelta.node.cli.royalty;

import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.royalty.view.SettlementView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code royalty settle}. */
@Command(
        name = "settle",
        description = {
            "Settle the newest voucher of every channel: the money moves from the payers' escrow to the soups.",
            "What the contract would not take is not sent, and said why."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta royalty settle"})
final class RoyaltySettle implements Callable<Integer> {
    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        try (LocalNode node = local.open()) {
            SettlementView view =
                    SettlementView.of(node.royalties().settlements().settle());
            output.result(view, out -> {
                view.vouchers()
                        .forEach(part -> out.printf(
                                "%s to soup %s: %s, %s units%s%n",
                                part.payer(),
                                part.soup(),
                                part.verdict(),
                                part.amount(),
                                part.tx() == null ? "" : ", tx " + part.tx()));
                if (view.vouchers().isEmpty()) {
                    out.println("no vouchers");
                }
            });
            return ExitCode.OK;
        }
    }
}
