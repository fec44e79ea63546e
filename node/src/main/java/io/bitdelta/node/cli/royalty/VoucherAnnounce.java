package io.bitdelta.node.cli.royalty;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.royalty.view.EscrowView;
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
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        String key = intent == null ? UUID.randomUUID().toString() : intent;
        EvmAddress in = token.orNative();
        EscrowView moved = where.ask(
                node -> EscrowRun.remote(
                        node,
                        "/api/royalties/escrow/announcements",
                        Map.of("token", in.hex(), "amount", amount.toString()),
                        key,
                        output),
                node -> EscrowRun.here(node, payments -> payments.requestWithdrawal(key, in, amount)));
        Map<String, Object> json = EscrowRun.json(key, moved);
        json.put("delay", moved.delay());
        output.result(
                json,
                out -> out.printf(
                        "announced %s units, tx %s; withdraw after %d s%n", amount, moved.tx(), moved.delay()));
        return ExitCode.OK;
    }
}
