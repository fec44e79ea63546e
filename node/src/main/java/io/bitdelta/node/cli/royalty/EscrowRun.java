package io.bitdelta.node.cli.royalty;

import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.client.RemoteJob;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.royalty.EscrowJob;
import io.bitdelta.node.royalty.Payments;
import io.bitdelta.node.royalty.Royalties;
import io.bitdelta.node.royalty.view.EscrowView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Moves a node's escrow. */
final class EscrowRun {
    private EscrowRun() {}

    /** Asks a running node to move its escrow, once, and waits until it has. */
    static EscrowView remote(ApiClient node, String path, Map<String, String> wish, String once, Output output) {
        JsonNode accepted = node.post(path, wish, once);
        return JsonMapper.shared()
                .treeToValue(RemoteJob.result(node, accepted, EscrowJob.MOVED, output::say), EscrowView.class);
    }

    /** Moves the escrow of the node on a data folder. */
    static EscrowView here(LocalNode node, Function<Payments, OutboxEntry> move) {
        Royalties royalties = node.royalties();
        return EscrowView.of(
                move.apply(royalties.payments()), royalties.contract().escrowDelay());
    }

    /** What scripts are told. */
    static Map<String, Object> json(String once, EscrowView moved) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("once", once);
        json.put("tx", moved.tx());
        json.put("gas", moved.gas());
        json.put("block", moved.block());
        return json;
    }
}
