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
import io.bitdelta.node.auth.Scope;
import io.bitdelta.node.jobs.IdempotencyConflictException;
import io.bitdelta.node.jobs.Job;
import io.bitdelta.node.jobs.Jobs;
import io.bitdelta.node.jobs.TooManyJobsException;
import io.bitdelta.node.publish.PublishJob;
import io.bitdelta.node.publish.QuotaException;
import io.bitdelta.node.publish.RevokeJob;
import io.bitdelta.node.publish.Uploads;
import io.bitdelta.node.relay.GasBudget;
import java.io.IOException;
import tools.jackson.databind.node.ObjectNode;

/** Publishing and revoking deltas for others, and what the node spends on it. */
public final class DeltaApi implements ApiArea {
    private final Jobs jobs;
    private final Uploads uploads;
    private final GasBudget budget;
    private final boolean everybody;

    /**
     * @param everybody whether the node pays for every caller who is known, not only those with {@link Scope#SPONSOR}: on
     *     test chains
     */
    public DeltaApi(Jobs jobs, Uploads uploads, GasBudget budget, boolean everybody) {
        this.jobs = jobs;
        this.uploads = uploads;
        this.budget = budget;
        this.everybody = everybody;
    }

    @Override
    public void bind(Operations operations) {
        operations.on("publishDelta", this::publish);
        operations.on("revokeDelta", this::revoke);
        operations.on("relayBudget", call -> Reply.ok(BudgetView.of(budget.status())));
    }

    private Reply publish(Call call) throws IOException {
        requireSponsored(call.principal());
        ObjectNode input = call.upload("file").isPresent() ? uploaded(call) : named(call);
        return accepted(submit(call, PublishJob.NAME, input));
    }

    private ObjectNode uploaded(Call call) throws IOException {
        Upload file = call.upload("file").orElseThrow();
        return PublishJob.input(
                EvmAddress.of(call.field("identity").orElseThrow()),
                store(call.principal(), file),
                call.field("baseName").orElseThrow(),
                call.field("method").orElse("full"));
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
                    call.json().path("method").asString("full"));
        } catch (InvalidCidException malformed) {
            throw Problem.invalid("body", "/cid", String.valueOf(malformed.getMessage()));
        }
    }

    private Reply revoke(Call call) {
        requireSponsored(call.principal());
        return accepted(submit(call, RevokeJob.NAME, RevokeJob.input(Bytes32.of(call.path("deltaId")))));
    }

    private Job submit(Call call, String kind, ObjectNode input) {
        try {
            return jobs.submit(call.principal().id(), kind, call.header("Idempotency-Key"), input);
        } catch (IdempotencyConflictException other) {
            throw Problem.of(422, "idempotency-key-reused", String.valueOf(other.getMessage()));
        } catch (TooManyJobsException many) {
            throw Problem.of(429, "too-many-jobs", String.valueOf(many.getMessage()))
                    .withHeader("Retry-After", "60");
        }
    }

    private static Reply accepted(Job job) {
        return Reply.json(202, JobView.of(job)).withHeader("Location", "/api/jobs/" + job.id());
    }

    private void requireSponsored(Principal principal) {
        if (!everybody && !principal.may(Scope.SPONSOR)) {
            throw Problem.of(
                    403,
                    "not-sponsored",
                    "this node does not pay gas for %s: ask its operator for the scope \"sponsor\", or publish from a node of your own"
                            .formatted(principal.id()));
        }
    }
}
