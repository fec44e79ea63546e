package io.bitdelta.node.api.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.engine.EngineInputException;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.InvalidCidException;
import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.Call;
import io.bitdelta.node.api.Operations;
import io.bitdelta.node.api.Problem;
import io.bitdelta.node.api.Reply;
import io.bitdelta.node.api.Upload;
import io.bitdelta.node.auth.Principal;
import io.bitdelta.node.jobs.Jobs;
import io.bitdelta.node.provenance.ProvenanceException;
import io.bitdelta.node.provenance.SignedEvaluation;
import io.bitdelta.node.provenance.TrainingRecord;
import io.bitdelta.node.publish.PublishJob;
import io.bitdelta.node.publish.QuotaException;
import io.bitdelta.node.publish.RevokeJob;
import io.bitdelta.node.publish.Uploads;
import io.bitdelta.node.relay.GasBudget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** Publishing and revoking deltas for others, and what the node spends on it. */
public final class DeltaApi implements ApiArea {
    private final JobIntake intake;
    private final Uploads uploads;
    private final GasBudget budget;
    private final Sponsoring sponsoring;

    /** @param sponsoring for whom the node pays */
    public DeltaApi(Jobs jobs, Uploads uploads, GasBudget budget, Sponsoring sponsoring) {
        this.intake = new JobIntake(jobs);
        this.uploads = uploads;
        this.budget = budget;
        this.sponsoring = sponsoring;
    }

    @Override
    public void bind(Operations operations) {
        operations.on("publishDelta", this::publish);
        operations.on("revokeDelta", this::revoke);
        operations.on("relayBudget", call -> Reply.ok(BudgetView.of(budget.status())));
    }

    private Reply publish(Call call) throws IOException {
        sponsoring.require(call.principal());
        ObjectNode input = call.upload("file").isPresent() ? uploaded(call) : named(call);
        return intake.accept(call, PublishJob.NAME, input);
    }

    private ObjectNode uploaded(Call call) throws IOException {
        Upload file = call.upload("file").orElseThrow();
        return PublishJob.input(
                EvmAddress.of(call.field("identity").orElseThrow()),
                store(call.principal(), file),
                call.field("baseName").orElseThrow(),
                call.field("method").orElse("full"),
                document("/training", call.field("training"), TrainingRecord::parse),
                document("/evaluation", call.field("evaluation"), SignedEvaluation::parse));
    }

    private static <T> Optional<T> document(String where, Optional<String> text, Function<byte[], T> parser) {
        try {
            return text.map(given -> parser.apply(given.getBytes(StandardCharsets.UTF_8)));
        } catch (ProvenanceException malformed) {
            throw Problem.invalid("body", where, String.valueOf(malformed.getMessage()));
        }
    }

    private static Optional<String> text(Call call, String member) {
        return Optional.ofNullable(call.json().path(member).stringValue(null));
    }

    private Cid store(Principal principal, Upload file) throws IOException {
        try {
            return uploads.accept(principal.id(), file.file());
        } catch (EngineInputException noDelta) {
            throw Problem.of(422, "not-a-delta", String.valueOf(noDelta.getMessage()));
        } catch (QuotaException full) {
            throw Problem.of(413, "quota", String.valueOf(full.getMessage()));
        }
    }

    private static ObjectNode named(Call call) {
        try {
            return PublishJob.input(
                    EvmAddress.of(call.json().path("identity").asString()),
                    Cid.parse(call.json().path("cid").asString()),
                    call.json().path("baseName").asString(),
                    call.json().path("method").asString("full"),
                    document("/training", text(call, "training"), TrainingRecord::parse),
                    document("/evaluation", text(call, "evaluation"), SignedEvaluation::parse));
        } catch (InvalidCidException malformed) {
            throw Problem.invalid("body", "/cid", String.valueOf(malformed.getMessage()));
        }
    }

    private Reply revoke(Call call) {
        sponsoring.require(call.principal());
        return intake.accept(call, RevokeJob.NAME, RevokeJob.input(Bytes32.of(call.path("deltaId"))));
    }
}
