package io.bitdelta.node.royalty;

import io.bitdelta.node.jobs.JobKind;
import io.bitdelta.node.jobs.JobRun;
import io.bitdelta.node.royalty.view.SettlementView;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Settles the newest voucher of every channel. The contract draws cumulative amounts, so a repeated run draws nothing twice. */
public final class SettlementJob implements JobKind {
    /** Its name. */
    public static final String NAME = "royalty-settlement";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SETTLED = "settled";

    private final Settlements settlements;

    /** @param settlements sends from the node's account */
    public SettlementJob(Settlements settlements) {
        this.settlements = settlements;
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
        ObjectNode result = JSON.valueToTree(SettlementView.of(settlements.settle()));
        run.record(SETTLED, result);
        return new Outcome.Done();
    }
}
