package io.bitdelta.node.cli.royalty;

import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.royalty.RoyaltyService.Balance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code royalty claim}. */
@Command(
        name = "claim",
        description =
                "Claim all that an identity is due. Anybody may ask; the money goes to the identity's controller.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta royalty claim --did did:lux:31337:0x1111..."})
final class RoyaltyClaim implements Callable<Integer> {
    @Option(names = "--did", required = true, paramLabel = "DID", description = "did:lux:<chainId>:<address>")
    private LuxDid did = LuxDid.of(1, "0x0000000000000000000000000000000000000000");

    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        try (LocalNode node = local.open()) {
            List<Map<String, Object>> claims = new ArrayList<>();
            for (Balance balance : node.royalties().balances(did.address())) {
                if (balance.due().signum() > 0) {
                    OutboxEntry entry = node.royalties().claim(balance);
                    claims.add(Map.of(
                            "soupId", balance.soupId().hex(),
                            "amount", balance.due().toString(),
                            "tx", entry.hash(),
                            "gas", entry.gasUsed(),
                            "block", entry.block()));
                }
            }
            output.result(Map.of("did", did.toString(), "claims", claims), out -> {
                claims.forEach(
                        c -> out.printf("claimed %s wei, tx %s, gas %s%n", c.get("amount"), c.get("tx"), c.get("gas")));
                if (claims.isEmpty()) {
                    out.println("nothing to claim");
                }
            });
            return ExitCode.OK;
        }
    }
}
