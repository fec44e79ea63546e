package io.bitdelta.node.cli.royalty;

import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.royalty.RoyaltyService.Balance;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code royalty balance}. */
@Command(
        name = "balance",
        description = "Show what an identity earned in the soups that this node proposed.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta royalty balance --did did:lux:31337:0x1111..."})
final class RoyaltyBalance implements Callable<Integer> {
    @Option(names = "--did", required = true, paramLabel = "DID", description = "did:lux:<chainId>:<address>")
    private LuxDid did = LuxDid.of(1, "0x0000000000000000000000000000000000000000");

    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        try (LocalNode node = local.open()) {
            List<Balance> balances = node.royalties().balances(did.address());
            BigInteger due = balances.stream().map(Balance::due).reduce(BigInteger.ZERO, BigInteger::add);
            BigInteger claimed = balances.stream().map(Balance::claimed).reduce(BigInteger.ZERO, BigInteger::add);
            List<Map<String, Object>> soups = balances.stream()
                    .map(b -> Map.<String, Object>of(
                            "soupId", b.soupId().hex(),
                            "index", b.payee().index(),
                            "start", b.payee().start(),
                            "end", b.payee().end(),
                            "due", b.due().toString(),
                            "claimed", b.claimed().toString()))
                    .toList();
            output.result(
                    Map.of("did", did.toString(), "due", due.toString(), "claimed", claimed.toString(), "soups", soups),
                    out -> {
                        balances.forEach(b ->
                                out.printf("soup %s  due %s wei, claimed %s wei%n", b.soupId(), b.due(), b.claimed()));
                        out.printf("due %s wei, claimed %s wei%n", due, claimed);
                    });
            return ExitCode.OK;
        }
    }
}
