package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.jobs.JobKind;
import io.bitdelta.node.jobs.JobKind.Outcome;
import io.bitdelta.node.jobs.JobRun;
import io.bitdelta.node.publish.Sponsor;
import io.bitdelta.node.relay.GasBudget;
import io.bitdelta.node.royalty.view.ClaimView;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Claims for an identity at the node's expense, under the budget of gas. Anybody may claim for anybody, and the money goes
 * to the identity's controller; what is bounded here is what the node spends. A repeated run finds the transactions of the
 * first one by their purposes.
 */
public final class ClaimJob implements JobKind {
    /** Its name. */
    public static final String NAME = "royalty-claim";

    /** Most transactions of one job; the rest can be claimed by another. */
    static final int MOST_TRANSACTIONS = 8;

    private static final JsonMapper JSON = JsonMapper.shared();
    /** The step whose result is a {@link ClaimView}, and how many {@code transactionsLeft} there are for another job. */
    public static final String CLAIMED = "claimed";

    private final Claims claims;
    private final Tokens tokens;
    private final Sponsor sponsor;

    /**
     * @param tokens says how amounts are shown
     * @param sponsor pays for the gas
     */
    public ClaimJob(Claims claims, Tokens tokens, Sponsor sponsor) {
        this.claims = claims;
        this.tokens = tokens;
        this.sponsor = sponsor;
    }

    /** What is asked for: all dues of an identity, in one token or in every one. */
    public static ObjectNode input(LuxDid did, Optional<EvmAddress> token) {
        ObjectNode input = JSON.createObjectNode().put("did", did.toString());
        token.ifPresent(one -> input.put("token", one.hex()));
        return input;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> steps() {
        return List.of(CLAIMED);
    }

    @Override
    public Outcome run(JobRun run) {
        LuxDid did = LuxDid.parse(run.input().path("did").asString());
        Optional<EvmAddress> token = run.input().has("token")
                ? Optional.of(EvmAddress.of(run.input().path("token").asString()))
                : Optional.empty();
        Claims.Plan whole = claims.plan(did.address(), token);
        Claims.Plan plan = whole.first(MOST_TRANSACTIONS);
        if (plan.transactions() > 0) {
            GasBudget.Grant grant = sponsor.reserve(run.id(), run.principal(), plan.gas());
            if (!(grant instanceof GasBudget.Grant.Reserved)) {
                return Sponsor.later(grant);
            }
        }
        Claims.Outcome outcome = claims.claim(plan);
        if (plan.transactions() > 0) {
            sponsor.settle(run.id(), cost(outcome));
        }
        run.record(CLAIMED, result(did, outcome, whole.transactions() - plan.transactions()));
        return new Outcome.Done();
    }

    private static BigInteger cost(Claims.Outcome outcome) {
        BigInteger cost = BigInteger.ZERO;
        for (OutboxEntry pull : outcome.pulled()) {
            cost = cost.add(pull.costWei());
        }
        for (Claims.Sent sent : outcome.sent()) {
            cost = cost.add(sent.transaction().costWei());
        }
        return cost;
    }

    private ObjectNode result(LuxDid did, Claims.Outcome outcome, int left) {
        ObjectNode result = JSON.valueToTree(ClaimView.of(did, outcome, tokens::at));
        return result.put("transactionsLeft", left);
    }
}
