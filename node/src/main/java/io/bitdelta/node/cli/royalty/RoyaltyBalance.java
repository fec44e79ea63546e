package io.bitdelta.node.cli.royalty;

import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.royalty.Royalties;
import io.bitdelta.node.royalty.view.BalanceView;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code royalty balance}. */
@Command(
        name = "balance",
        description = {
            "Show what an identity earned, claimed and can claim, by token, in all soups whose weights this node has: its own,"
                    + " and foreign ones whose manifests are pinned here."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta royalty balance --did did:lux:31337:0x1111... --node https://node.example"
        })
final class RoyaltyBalance implements Callable<Integer> {
    @Option(names = "--did", required = true, paramLabel = "DID", description = "did:lux:<chainId>:<address>")
    private LuxDid did = LuxDid.of(1, "0x0000000000000000000000000000000000000000");

    @Mixin
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        print(where.ask(this::told, this::reckoned));
        return ExitCode.OK;
    }

    private BalanceView told(ApiClient node) {
        return JsonMapper.shared()
                .treeToValue(node.get("/api/royalties/" + ApiClient.escape(did.toString())), BalanceView.class);
    }

    private BalanceView reckoned(LocalNode node) throws IOException {
        node.catchUp();
        Royalties royalties = node.royalties();
        return BalanceView.of(did, royalties.book().balances(did.address()), royalties.tokens()::at);
    }

    private void print(BalanceView view) {
        output.result(view, out -> {
            view.balances().forEach(balance -> {
                out.printf("%s (%s)%n", balance.symbol(), balance.token());
                out.printf("  claimable  %s%n", balance.claimable().shown());
                out.printf("  pullable   %s%n", balance.pullable().shown());
                out.printf("  claimed    %s%n", balance.claimed().shown());
                out.printf("  earned     %s%n", balance.earned().shown());
                out.printf("  escrow     %s%n", balance.escrow().shown());
                balance.shares()
                        .forEach(share -> out.printf(
                                "  soup %s leaf %d: %d of 1e9, claimable %s units%n",
                                share.soup(), share.leaf(), share.end() - share.start(), share.claimable()));
            });
            if (view.balances().isEmpty()) {
                out.println("nothing earned yet");
            }
        });
    }
}
