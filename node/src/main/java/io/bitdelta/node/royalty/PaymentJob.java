package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.jobs.JobKind;
import io.bitdelta.node.jobs.JobKind.Outcome;
import io.bitdelta.node.jobs.JobRun;
import io.bitdelta.node.royalty.view.PaymentView;
import java.math.BigInteger;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Pays a soup from the node's own account. The job's id is the payment's intent, so a job pays once. */
public final class PaymentJob implements JobKind {
    /** Its name. */
    public static final String NAME = "royalty-payment";

    private static final JsonMapper JSON = JsonMapper.shared();
    /** The step whose result is a {@link PaymentView}. */
    public static final String PAID = "paid";

    private final Payments payments;
    private final Tokens tokens;

    /**
     * @param payments sends from the node's account
     * @param tokens says how amounts are shown
     */
    public PaymentJob(Payments payments, Tokens tokens) {
        this.payments = payments;
        this.tokens = tokens;
    }

    /** What is asked for. */
    public static ObjectNode input(Bytes32 soupId, EvmAddress token, BigInteger amount) {
        return JSON.createObjectNode()
                .put("soup", soupId.hex())
                .put("token", token.hex())
                .put("amount", amount.toString());
    }

    /** LP-303: a payment in the contract's royalty token, by {@code distributeRoyalties}. */
    public static ObjectNode distribution(Bytes32 soupId, BigInteger amount) {
        return JSON.createObjectNode()
                .put("soup", soupId.hex())
                .put("distribution", true)
                .put("amount", amount.toString());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> steps() {
        return List.of(PAID);
    }

    @Override
    public Outcome run(JobRun run) {
        ObjectNode input = run.input();
        String intent = "job " + run.id();
        Bytes32 soup = Bytes32.of(input.path("soup").asString());
        BigInteger amount = new BigInteger(input.path("amount").asString());
        boolean distribution = input.path("distribution").asBoolean(false);
        EvmAddress token = distribution
                ? payments.royaltyToken()
                : EvmAddress.of(input.path("token").asString());
        Payments.Payment payment = distribution
                ? payments.distributeRoyalties(intent, soup, amount)
                : payments.pay(intent, soup, token, amount);
        run.record(PAID, JSON.valueToTree(PaymentView.of(payment, tokens.at(token))));
        return new Outcome.Done();
    }
}
