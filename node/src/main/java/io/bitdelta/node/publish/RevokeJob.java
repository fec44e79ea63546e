package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.typed.RevokeMessage;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.jobs.JobKind;
import io.bitdelta.node.jobs.JobKind.Outcome;
import io.bitdelta.node.jobs.JobRun;
import io.bitdelta.node.relay.GasBudget;
import java.util.List;
import java.util.Optional;
import org.web3j.utils.Numeric;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The job of taking a delta back for its owner: ask for the owner's signature, then put it on the chain at the node's
 * expense. Steps: {@code prepared} (with the typed data to sign), {@code signature}, {@code confirmed}.
 */
public final class RevokeJob implements JobKind {
    /** Its name. */
    public static final String NAME = "revoke-delta";

    private static final JsonMapper JSON = new JsonMapper();

    private final PublishService publishing;
    private final RegistryContract registry;
    private final Sponsor sponsor;

    /** @param sponsor pays */
    public RevokeJob(PublishService publishing, RegistryContract registry, Sponsor sponsor) {
        this.publishing = publishing;
        this.registry = registry;
        this.sponsor = sponsor;
    }

    /** What a job of this kind is asked. */
    public static ObjectNode input(Bytes32 deltaId) {
        return JSON.createObjectNode().put("deltaId", deltaId.hex());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> steps() {
        return List.of("prepared", PublishJob.SIGNATURE, "confirmed");
    }

    @Override
    public Outcome run(JobRun run) throws Exception {
        Bytes32 deltaId = Bytes32.of(run.input().path("deltaId").asString());
        RegistryContract.Stored record = registry.record(deltaId)
                .orElseThrow(() -> new PublishRefusedException("%s is not in the registry".formatted(deltaId)));
        if (record.revokedAt() != 0 && run.result(PublishJob.SIGNATURE).isEmpty()) {
            throw new PublishRefusedException("%s was revoked before".formatted(deltaId));
        }
        RevokeMessage message = message(prepared(run, deltaId));
        Optional<EvmSignature> signature = run.result(PublishJob.SIGNATURE)
                .map(given -> EvmSignature.parse(
                        Numeric.hexStringToByteArray(given.path("signature").asString())))
                .filter(given -> accepts(record.identity(), message, given));
        if (signature.isEmpty()) {
            return new Outcome.Waiting(PublishJob.SIGNATURE);
        }
        GasBudget.Grant grant = sponsor.reserve(run.id(), run.principal(), Sponsor.REVOKE_GAS);
        if (!(grant instanceof GasBudget.Grant.Reserved)) {
            return Sponsor.later(grant);
        }
        OutboxEntry entry = publishing.revoke(message, signature.get());
        sponsor.settle(run.id(), entry.costWei());
        run.record("confirmed", PublishJob.mined(entry));
        return new Outcome.Done();
    }

    private boolean accepts(EvmAddress identity, RevokeMessage message, EvmSignature signature) {
        return publishing.accepts(identity, message.digest(registry.domain()), signature);
    }

    /** The message to sign, made anew once its time is over. */
    private ObjectNode prepared(JobRun run, Bytes32 deltaId) {
        Optional<ObjectNode> known = run.result("prepared")
                .filter(step -> step.path("deadline").asLong() > registry.chainTime()
                        || run.result(PublishJob.SIGNATURE).isPresent());
        if (known.isPresent()) {
            return known.get();
        }
        RevokeMessage message = publishing.revocation(deltaId);
        ObjectNode step = JSON.createObjectNode().put("deltaId", deltaId.hex()).put("deadline", message.deadline());
        step.set("typedData", JSON.valueToTree(SigningRequest.of(message, registry.domain())));
        return run.record("prepared", step);
    }

    static RevokeMessage message(ObjectNode prepared) {
        return new RevokeMessage(
                Bytes32.of(prepared.path("deltaId").asString()),
                prepared.path("deadline").asLong());
    }
}
