package io.bitdelta.node.cli.royalty;

import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.local.LocalNode;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code royalty voucher withdraw}. */
@Command(
        name = "withdraw",
        description = "Take back the escrow that was announced, once its delay is over.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta royalty voucher withdraw --once november"})
final class VoucherWithdraw implements Callable<Integer> {
    @Mixin
    private TokenOption token = new TokenOption();

    @Option(names = "--once", paramLabel = "NAME", description = "Idempotency key: one name is withdrawn once.")
    private @Nullable String intent;

    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        String key = intent == null ? UUID.randomUUID().toString() : intent;
        try (LocalNode node = local.open()) {
            OutboxEntry entry = node.royalties().payments().withdraw(key, token.orNative());
            output.result(
                    Map.of("once", key, "tx", entry.hash(), "gas", entry.gasUsed(), "block", entry.block()),
                    out -> out.printf("withdrawn, tx %s%n", entry.hash()));
            return ExitCode.OK;
        }
    }
}
