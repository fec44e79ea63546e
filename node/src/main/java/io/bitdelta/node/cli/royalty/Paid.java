package io.bitdelta.node.cli.royalty;

import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.client.RemoteJob;
import io.bitdelta.node.royalty.PaymentJob;
import io.bitdelta.node.royalty.view.PaymentView;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Has a node pay, and tells what came of it. */
final class Paid {
    private Paid() {}

    /** Asks a running node to pay from its account, once, and waits until it has. */
    static PaymentView by(ApiClient node, String path, Map<String, String> wish, String once, Output output) {
        JsonNode accepted = node.post(path, wish, once);
        return JsonMapper.shared()
                .treeToValue(RemoteJob.result(node, accepted, PaymentJob.PAID, output::say), PaymentView.class);
    }

    /** Tells a payment. */
    static void tell(String once, PaymentView payment, Output output) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("once", once);
        json.put("tx", payment.tx());
        json.put("gas", payment.gas());
        json.put("block", payment.block());
        json.put("token", payment.token());
        json.put("symbol", payment.symbol());
        json.put("decimals", payment.decimals());
        json.put("received", payment.received());
        output.result(
                json,
                out -> out.printf(
                        "paid %s %s, tx %s, gas %d%n", payment.shown(), payment.symbol(), payment.tx(), payment.gas()));
    }
}
