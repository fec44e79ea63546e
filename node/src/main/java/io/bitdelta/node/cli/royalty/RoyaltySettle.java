package io.bitdelta.node.cli.royalty;

import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.RemoteJob;
import io.bitdelta.node.royalty.SettlementJob;
import io.bitdelta.node.royalty.view.SettlementView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.json.JsonMapper;

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
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        SettlementView view = where.ask(
                node -> JsonMapper.shared()
                        .treeToValue(
                                RemoteJob.result(
                                        node,
                                        node.post("/api/royalties/settlements"),
                                        SettlementJob.SETTLED,
                                        output::say),
                                SettlementView.class),
                node -> SettlementView.of(node.royalties().settlements().settle()));
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
