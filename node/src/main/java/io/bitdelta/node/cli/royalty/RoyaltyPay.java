package io.bitdelta.node.cli.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.local.LocalNode;
import java.math.BigInteger;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code royalty pay}. */
@Command(
        name = "pay",
        description = "Pay a final soup; its contributors can claim their shares at once.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta royalty pay 0x93ab... 1000000000000000000 --once invoice-2026-11"})
final class RoyaltyPay implements Callable<Integer> {
    @Parameters(paramLabel = "SOUP", description = "Soup id, 0x and 64 hex digits.")
    private Bytes32 soup = Bytes32.ZERO;

    @Parameters(paramLabel = "WEI", description = "Amount in the chain's smallest unit.")
    private BigInteger amount = BigInteger.ZERO;

    @Option(
            names = "--once",
            paramLabel = "NAME",
            description = "Idempotency key: one name is paid once, however often the command runs.")
    private @Nullable String intent;

    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        String key = intent == null ? UUID.randomUUID().toString() : intent;
        output.say("payment " + key + " (give --once " + key + " to repeat this command without paying twice)");
        try (LocalNode node = local.open()) {
            OutboxEntry entry = node.royalties().pay(key, soup, amount);
            output.result(
                    Map.of("once", key, "tx", entry.hash(), "gas", entry.gasUsed(), "block", entry.block()),
                    out -> out.printf("paid %s wei, tx %s, gas %d%n", amount, entry.hash(), entry.gasUsed()));
            return ExitCode.OK;
        }
    }
}
