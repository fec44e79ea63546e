package io.bitdelta.node.cli.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.royalty.Payments;
import io.bitdelta.node.royalty.Token;
import java.math.BigInteger;
import java.util.LinkedHashMap;
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

    @Parameters(paramLabel = "AMOUNT", description = "Amount in the token's smallest unit.")
    private BigInteger amount = BigInteger.ZERO;

    @Mixin
    private TokenOption token = new TokenOption();

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
            EvmAddress in = token.orNative();
            Payments.Payment payment = node.royalties().payments().pay(key, soup, in, amount);
            OutboxEntry entry = payment.transaction();
            Token shown = node.royalties().tokens().at(in);
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("once", key);
            json.put("tx", entry.hash());
            json.put("gas", entry.gasUsed());
            json.put("block", entry.block());
            json.put("token", shown.address());
            json.put("symbol", shown.symbol());
            json.put("decimals", shown.decimals());
            json.put("received", payment.received().toString());
            output.result(
                    json,
                    out -> out.printf(
                            "paid %s %s, tx %s, gas %d%n",
                            shown.shown(payment.received()), shown.symbol(), entry.hash(), entry.gasUsed()));
            return ExitCode.OK;
        }
    }
}
