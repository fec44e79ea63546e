package io.bitdelta.node.cli.royalty;

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

/** {@code royalty voucher announce-withdrawal}. */
@Command(
        name = "announce-withdrawal",
        description = "Announce that this node takes escrow back. New vouchers can no longer count on it.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta royalty voucher announce-withdrawal 500000"})
final class VoucherAnnounce implements Callable<Integer> {
    @Parameters(paramLabel = "AMOUNT", description = "Amount in the token's smallest unit.")
    private BigInteger amount = BigInteger.ZERO;

    @Mixin
    private TokenOption token = new TokenOption();

    @Option(names = "--once", paramLabel = "NAME", description = "Idempotency key: one name is announced once.")
    private @Nullable String intent;

    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        String key = intent == null ? UUID.randomUUID().toString() : intent;
        try (LocalNode node = local.open()) {
            OutboxEntry entry = node.royalties().payments().requestWithdrawal(key, token.orNative(), amount);
            long delay = node.royalties().contract().escrowDelay();
            output.result(
                    Map.of(
                            "once",
                            key,
                            "tx",
                            entry.hash(),
                            "gas",
                            entry.gasUsed(),
                            "block",
                            entry.block(),
                            "delay",
                            delay),
                    out -> out.printf("announced %s units, tx %s; withdraw after %d s%n", amount, entry.hash(), delay));
            return ExitCode.OK;
        }
    }
}
