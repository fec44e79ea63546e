package io.bitdelta.node.api.did;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.Call;
import io.bitdelta.node.api.Operations;
import io.bitdelta.node.api.Problem;
import io.bitdelta.node.api.Reply;
import io.bitdelta.node.auth.Principal;
import io.bitdelta.node.auth.Scope;
import io.bitdelta.node.did.DidChange;
import io.bitdelta.node.did.DidChangeForm;
import io.bitdelta.node.did.DidChangeJob;
import io.bitdelta.node.did.DidChanges;
import io.bitdelta.node.did.DidFormException;
import io.bitdelta.node.did.DidSignatureException;
import io.bitdelta.node.jobs.IdempotencyConflictException;
import io.bitdelta.node.jobs.Job;
import io.bitdelta.node.jobs.Jobs;
import io.bitdelta.node.jobs.TooManyJobsException;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Changes of identities: what their controllers sign, and its way to the chain at the node's expense. */
public final class DidChangeApi implements ApiArea {
    private final DidChanges changes;
    private final Jobs jobs;
    private final long chainId;
    private final boolean everybody;

    /**
     * @param chainId whose identities these are
     * @param everybody whether the node pays for every caller who is known, not only those with {@link Scope#SPONSOR}: on
     *     test chains
     */
    public DidChangeApi(DidChanges changes, Jobs jobs, long chainId, boolean everybody) {
        this.changes = changes;
        this.jobs = jobs;
        this.chainId = chainId;
        this.everybody = everybody;
    }

    /** A change that its controller has signed. */
    record Signed(DidChangeForm change, long nonce, long deadline, String signature) {}

    @Override
    public void bind(Operations operations) {
        operations.on("prepareDidChange", this::prepare);
        operations.on("changeDid", this::change);
    }

    private Reply prepare(Call call) {
        EvmAddress identity = did(call).address();
        DidChange change = change(call.body(DidChangeForm.class), "");
        DidChanges.Slot slot = changes.slot(identity);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("registry", slot.registry());
        answer.put("chainId", slot.chainId());
        answer.put("nonce", slot.nonce());
        answer.put("deadline", slot.deadline());
        answer.put("typedData", DidChanges.typedData(identity, change, slot));
        return Reply.ok(answer);
    }

    private Reply change(Call call) {
        requireSponsored(call.principal());
        LuxDid did = did(call);
        Signed signed = call.body(Signed.class);
        DidChange change = change(signed.change(), "/change");
        DidChanges.Slot next = changes.slot(did.address());
        DidChanges.Slot slot = new DidChanges.Slot(next.registry(), next.chainId(), signed.nonce(), signed.deadline());
        ObjectNode input;
        try {
            EvmSignature signature = EvmSignature.parse(HexText.parse(signed.signature()));
            input = DidChangeJob.input(did, change, slot, signature);
            if (signed.deadline() > next.deadline()) {
                throw Problem.invalid("body", "/deadline", "at most %d".formatted(next.deadline()));
            }
            changes.requireSigned(did.address(), change, slot, signature);
        } catch (SignatureException | DidSignatureException refused) {
            throw Problem.of(422, "signature-refused", String.valueOf(refused.getMessage()));
        }
        return submit(call, input);
    }

    private Reply submit(Call call, ObjectNode input) {
        try {
            Job job = jobs.submit(call.principal().id(), DidChangeJob.NAME, call.header("Idempotency-Key"), input);
            String href = "/api/jobs/" + job.id();
            return Reply.json(202, Map.of("job", job.id(), "href", href)).withHeader("Location", href);
        } catch (IdempotencyConflictException conflict) {
            throw Problem.conflict(String.valueOf(conflict.getMessage()));
        } catch (TooManyJobsException full) {
            throw Problem.of(429, "too-many-jobs", String.valueOf(full.getMessage()))
                    .withHeader("Retry-After", "60");
        }
    }

    private static DidChange change(DidChangeForm form, String at) {
        try {
            return form.parse();
        } catch (DidFormException unfit) {
            throw Problem.invalid("body", at + "/" + unfit.member(), String.valueOf(unfit.getMessage()));
        }
    }

    private LuxDid did(Call call) {
        LuxDid did = LuxDid.parse(call.path("did"));
        if (did.chainId() != chainId) {
            throw Problem.of(
                    422,
                    "other-chain",
                    "%s is on chain %d, this node on chain %d".formatted(did, did.chainId(), chainId));
        }
        return did;
    }

    private void requireSponsored(Principal principal) {
        if (!everybody && !principal.may(Scope.SPONSOR)) {
            throw Problem.of(
                    403,
                    "not-sponsored",
                    "this node does not pay gas for %s: ask its operator for the scope \"sponsor\""
                            .formatted(principal.id()));
        }
    }
}
