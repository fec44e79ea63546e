package io.bitdelta.node.cli.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.royalty.view.PaymentView;
import java.math.BigInteger;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private OncePaid once = new OncePaid();

    @Mixin
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        String key = once.key(output);
        Paid.tell(key, where.ask(node -> told(node, key), node -> paid(node, key)), output);
        return ExitCode.OK;
    }

    private PaymentView told(ApiClient node, String key) {
        Map<String, String> wish =
                Map.of("soup", soup.hex(), "token", token.orNative().hex(), "amount", amount.toString());
        return Paid.by(node, "/api/royalties/payments", wish, key, output);
    }

    private PaymentView paid(LocalNode node, String key) {
        EvmAddress in = token.orNative();
        return PaymentView.of(
                node.royalties().payments().pay(key, soup, in, amount),
                node.royalties().tokens().at(in));
    }
}
