package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.jobs.JobKind;
import io.bitdelta.node.jobs.JobRun;
import java.math.BigInteger;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Pays a soup from the node's own account. The job's id is the payment's intent, so a job pays once. */
public final class PaymentJob implements JobKind {
    /** Its name. */
    public static final String NAME = "royalty-payment";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PAID = "paid";

    private final Payments payments;

    /** @param payments sends from the node's account */
    public PaymentJob(Payments payments) {
        this.payments = payments;
    }

    /** What is asked for. */
    public static ObjectNode input(Bytes32 soupId, EvmAddress token, BigInteger amount) {
        return JSON.createObjectNode()
                .put("soup", soupId.hex())
                .put("token", token.hex())
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
        Payments.Payment payment = payments.pay(
                "job " + run.id(),
                Bytes32.of(input.path("soup").asString()),
                EvmAddress.of(input.path("token").asString()),
                new BigInteger(input.path("amount").asString()));
        run.record(
                PAID,
                JSON.createObjectNode()
                        .put("tx", payment.transaction().hash())
                        .put("block", payment.transaction().block())
                        .put("received", payment.received().toString()));
        return new Outcome.Done();
    }
}
