package io.bitdelta.node.api.status;

import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.Call;
import io.bitdelta.node.api.Operations;
import io.bitdelta.node.api.Problem;
import io.bitdelta.node.api.Reply;
import io.bitdelta.node.api.contract.Contract;
import io.bitdelta.node.metrics.NodeMeters;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Liveness, readiness, the node's description and the contract itself. */
public final class StatusApi implements ApiArea {
    private static final Logger log = LoggerFactory.getLogger(StatusApi.class);
    private static final Reply LIVE = Reply.ok(Map.of("status", "live"));

    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "0:0:0:0:0:0:0:1");

    private final Contract contract;
    private final List<Readiness> needs;
    private final Supplier<NodeInfo> info;
    private final NodeMeters meters;

    /** @param needs what must be there for the node to be ready */
    public StatusApi(Contract contract, List<Readiness> needs, Supplier<NodeInfo> info, NodeMeters meters) {
        this.contract = contract;
        this.needs = List.copyOf(needs);
        this.info = info;
        this.meters = meters;
    }

    /**
     * What a look found.
     *
     * @param name what was looked at
     * @param ok whether it is there
     * @param detail what was found
     */
    record Found(String name, boolean ok, String detail) {}

    /** All looks. */
    record Ready(String status, List<Found> checks) {}

    @Override
    public void bind(Operations operations) {
        operations.on("live", call -> Optional.of(LIVE), call -> LIVE);
        operations.on("ready", this::ready);
        operations.on("nodeInfo", call -> Reply.ok(info.get()));
        Reply document = Reply.ok(contract.document());
        operations.on("contract", call -> document);
        operations.on("metrics", this::metrics);
    }

    /** Measurements tell strangers how busy a node is and what it runs on: they are for its machine and its operators. */
    private Reply metrics(Call call) {
        if (!call.principal().operator() && !LOOPBACK.contains(call.remoteAddress())) {
            throw Problem.forbidden("metrics are for this machine and for operators");
        }
        return Reply.bytes(PROMETHEUS, meters.scrape().getBytes(StandardCharsets.UTF_8));
    }

    private Reply ready(Call call) {
        List<Found> found = new ArrayList<>();
        for (Readiness need : needs) {
            found.add(look(need));
        }
        List<String> missing =
                found.stream().filter(each -> !each.ok()).map(Found::name).toList();
        if (missing.isEmpty()) {
            return Reply.ok(new Ready("ready", found));
        }
        throw Problem.unavailable("not-ready", "does not answer: " + String.join(", ", missing), 5);
    }

    /** The reason goes to the log: a stranger who asks whether the node is ready learns no address of its parts. */
    private static Found look(Readiness need) {
        try {
            return new Found(need.name(), true, need.look());
        } catch (Exception away) {
            log.warn("not ready: {}: {}", need.name(), away.getMessage());
            return new Found(need.name(), false, "does not answer");
        }
    }
}
