package io.bitdelta.node.royalty;

import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.jobs.JobKind;
import io.bitdelta.node.jobs.JobKind.Outcome;
import io.bitdelta.node.jobs.JobRun;
import io.bitdelta.node.publish.Sponsor;
import io.bitdelta.node.relay.GasBudget;
import io.bitdelta.node.royalty.view.SettlementView;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Settles the newest voucher of every channel. The contract draws cumulative amounts, so a repeated run draws nothing twice. */
public final class SettlementJob implements JobKind {
    /** Its name. */
    public static final String NAME = "royalty-settlement";

    private static final long FIXED_GAS = 40_000;
    private static final JsonMapper JSON = JsonMapper.shared();
    /** The step whose result is a {@link SettlementView}. */
    public static final String SETTLED = "settled";

    private final Settlements settlements;
    private final Sponsor sponsor;

    /**
     * @param settlements sends from the node's account
     * @param sponsor pays for what no operator asked for
     */
    public SettlementJob(Settlements settlements, Sponsor sponsor) {
        this.settlements = settlements;
        this.sponsor = sponsor;
    }

    /** Only what expires soon and is worth its gas, within the budget of gas. */
    static ObjectNode expiring(long seconds) {
        return JSON.createObjectNode().put("expiringWithin", seconds);
    }

    /** What is asked for: nothing beside. */
    public static ObjectNode input() {
        return JSON.createObjectNode();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> steps() {
        return List.of(SETTLED);
    }

    @Override
    public Outcome run(JobRun run) {
        return run.input().has("expiringWithin") ? settleExpiring(run) : settleAll(run);
    }

    private Outcome settleAll(JobRun run) {
        run.record(SETTLED, JSON.valueToTree(SettlementView.of(settlements.settle())));
        return new Outcome.Done();
    }

    private Outcome settleExpiring(JobRun run) {
        List<SignedVoucher> due = settlements.worthSettlingWithin(
                run.input().path("expiringWithin").asLong());
        if (due.isEmpty() && run.result(SETTLED).isPresent()) {
            return new Outcome.Done();
        }
        GasBudget.Grant grant =
                sponsor.reserve(run.id(), run.principal(), Settlements.GAS_EACH * due.size() + FIXED_GAS);
        if (!(grant instanceof GasBudget.Grant.Reserved)) {
            return Sponsor.later(grant);
        }
        List<Settlements.Outcome> outcomes = settlements.settle(due);
        sponsor.settle(run.id(), cost(outcomes));
        run.record(SETTLED, JSON.valueToTree(SettlementView.of(outcomes)));
        return new Outcome.Done();
    }

    /** Each transaction once, however many vouchers it carried. */
    private static BigInteger cost(List<Settlements.Outcome> outcomes) {
        Map<String, BigInteger> costs = new HashMap<>();
        for (Settlements.Outcome outcome : outcomes) {
            OutboxEntry sent = outcome.transaction();
            if (sent != null) {
                costs.put(sent.hash(), sent.costWei());
            }
        }
        return costs.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    }

    @Override
    public void abandoned(JobRun run) {
        if (run.result(SETTLED).isEmpty()) {
            sponsor.settle(run.id(), BigInteger.ZERO);
        }
    }
}
