package io.bitdelta.node.cli.royalty;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.royalty.view.EscrowView;
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
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        String key = intent == null ? UUID.randomUUID().toString() : intent;
        EvmAddress in = token.orNative();
        EscrowView moved = where.ask(
                node -> EscrowRun.remote(
                        node, "/api/royalties/escrow/withdrawals", Map.of("token", in.hex()), key, output),
                node -> EscrowRun.here(node, payments -> payments.withdraw(key, in)));
        Map<String, Object> json = EscrowRun.json(key, moved);
        output.result(json, out -> out.printf("withdrawn, tx %s%n", moved.tx()));
        return ExitCode.OK;
    }
}
