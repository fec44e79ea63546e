package io.bitdelta.node.cli.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.royalty.Payments;
import io.bitdelta.node.royalty.view.PaymentView;
import java.math.BigInteger;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code royalty distribute}. */
@Command(
        name = "distribute",
        description = {
            "Pay a final soup in the contract's royalty token, by LP-303's distributeRoyalties.",
            "Its contributors can claim their shares at once."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta royalty distribute 0x93ab... 1000000000000000000 --once november"})
final class RoyaltyDistribute implements Callable<Integer> {
    @Parameters(paramLabel = "SOUP", description = "Soup id, 0x and 64 hex digits.")
    private Bytes32 soup = Bytes32.ZERO;

    @Parameters(paramLabel = "AMOUNT", description = "Amount in the royalty token's smallest unit.")
    private BigInteger amount = BigInteger.ZERO;

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
        Map<String, String> wish = Map.of("soup", soup.hex(), "amount", amount.toString());
        return Paid.by(node, "/api/royalties/distributions", wish, key, output);
    }

    private PaymentView paid(LocalNode node, String key) {
        Payments payments = node.royalties().payments();
        return PaymentView.of(
                payments.distributeRoyalties(key, soup, amount),
                node.royalties().tokens().at(payments.royaltyToken()));
    }
}
