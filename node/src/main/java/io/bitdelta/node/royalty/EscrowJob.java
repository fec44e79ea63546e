package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.jobs.JobKind;
import io.bitdelta.node.jobs.JobKind.Outcome;
import io.bitdelta.node.jobs.JobRun;
import io.bitdelta.node.royalty.view.EscrowView;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Moves the escrow behind the node's own vouchers. The job's id is the intent, so a job moves it once. */
public final class EscrowJob implements JobKind {
    /** Its name. */
    public static final String NAME = "royalty-escrow";

    /** The step whose result is an {@link EscrowView}. */
    public static final String MOVED = "moved";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Payments payments;
    private final RoyaltiesContract contract;

    /** What is done with the escrow. */
    public enum Move {
        DEPOSIT,
        ANNOUNCE,
        WITHDRAW;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param payments sends from the node's account */
    public EscrowJob(Payments payments, RoyaltiesContract contract) {
        this.payments = payments;
        this.contract = contract;
    }

    /**
     * What is asked for.
     *
     * @param amount in the token's smallest unit; a withdrawal takes all that was announced, whatever it says
     */
    public static ObjectNode input(Move move, EvmAddress token, BigInteger amount) {
        return JSON.createObjectNode()
                .put("move", move.word())
                .put("token", token.hex())
                .put("amount", amount.toString());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> steps() {
        return List.of(MOVED);
    }

    @Override
    public Outcome run(JobRun run) {
        EvmAddress token = EvmAddress.of(run.input().path("token").asString());
        BigInteger amount = new BigInteger(run.input().path("amount").asString());
        Move move = Move.valueOf(run.input().path("move").asString().toUpperCase(Locale.ROOT));
        String intent = "job " + run.id();
        OutboxEntry sent =
                switch (move) {
                    case DEPOSIT -> payments.deposit(intent, token, amount);
                    case ANNOUNCE -> payments.requestWithdrawal(intent, token, amount);
                    case WITHDRAW -> payments.withdraw(intent, token);
                };
        run.record(MOVED, JSON.valueToTree(EscrowView.of(sent, contract.escrowDelay())));
        return new Outcome.Done();
    }
}
