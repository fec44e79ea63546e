package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.typed.PublishMessage;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.fault.FaultPoint;
import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.jobs.JobKind;
import io.bitdelta.node.jobs.JobKind.Outcome;
import io.bitdelta.node.jobs.JobRun;
import io.bitdelta.node.provenance.SignedEvaluation;
import io.bitdelta.node.provenance.TrainingRecord;
import io.bitdelta.node.relay.GasBudget;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.web3j.utils.Numeric;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The job of publishing somebody's delta for them: fetch, check, prepare, wait for the owner's signature, attest, and put
 * it on the chain at the node's expense. Steps: {@code fetched}, {@code prepared} (with the typed data to sign), {@code
 * signature}, {@code attested}, {@code submitted}, {@code confirmed}.
 */
public final class PublishJob implements JobKind {
    /** Its name. */
    public static final String NAME = "publish-delta";

    /** What it waits for after {@code prepared}. */
    public static final String SIGNATURE = "signature";

    private static final String TRAINING = "training";
    private static final String EVALUATION = "evaluation";
    private static final JsonMapper JSON = new JsonMapper();

    private final PublishService publishing;
    private final RegistryContract registry;
    private final Uploads uploads;
    private final Sponsor sponsor;
    private final Faults faults;

    /** @param sponsor pays */
    public PublishJob(
            PublishService publishing, RegistryContract registry, Uploads uploads, Sponsor sponsor, Faults faults) {
        this.publishing = publishing;
        this.registry = registry;
        this.uploads = uploads;
        this.sponsor = sponsor;
        this.faults = faults;
    }

    /**
     * What a job of this kind is asked.
     *
     * @param identity the owner
     * @param cid of the delta file
     * @param baseName what the base is called
     * @param method how the fine-tune was made
     * @param training what its training wrote
     * @param evaluation how it was measured, signed
     */
    public static ObjectNode input(
            EvmAddress identity,
            Cid cid,
            String baseName,
            String method,
            Optional<TrainingRecord> training,
            Optional<SignedEvaluation> evaluation) {
        ObjectNode input = JSON.createObjectNode()
                .put("identity", identity.hex())
                .put("cid", cid.toString())
                .put("baseName", baseName)
                .put("method", method);
        training.ifPresent(record -> input.put(TRAINING, new String(record.bytes(), StandardCharsets.UTF_8)));
        evaluation.ifPresent(report -> input.put(EVALUATION, new String(report.bytes(), StandardCharsets.UTF_8)));
        return input;
    }

    private static Optional<byte[]> document(JobRun run, String name) {
        return Optional.ofNullable(run.input().path(name).stringValue(null))
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> steps() {
        return List.of("fetched", "prepared", SIGNATURE, "attested", "submitted", "confirmed");
    }

    @Override
    public Outcome run(JobRun run) throws Exception {
        EvmAddress identity = EvmAddress.of(run.input().path("identity").asString());
        Cid cid = Cid.parse(run.input().path("cid").asString());
        Path file = uploads.fetch(run.principal(), cid, run.id());
        try {
            run.once(
                    "fetched",
                    () -> JSON.createObjectNode().put("cid", cid.toString()).put("bytes", Files.size(file)));
            Outcome outcome = publish(run, identity, file);
            if (outcome instanceof Outcome.Done) {
                uploads.forget(run.principal(), cid);
            }
            return outcome;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** The file no longer counts against the quota, and money for a transaction that was never sent comes back. */
    @Override
    public void abandoned(JobRun run) throws IOException {
        if (run.result("submitted").isEmpty()) {
            sponsor.settle(run.id(), BigInteger.ZERO);
        }
        uploads.forget(run.principal(), Cid.parse(run.input().path("cid").asString()));
    }

    private Outcome publish(JobRun run, EvmAddress identity, Path file) throws IOException {
        PublishRequest request = new PublishRequest(
                "job " + run.id(),
                file,
                run.input().path("baseName").asString(),
                run.input().path("method").asString(),
                document(run, TRAINING).map(TrainingRecord::parse),
                document(run, EVALUATION).map(SignedEvaluation::parse));
        Prepared prepared = publishing.prepare(request, identity);
        run.record("prepared", prepared(prepared));
        Optional<EvmSignature> signature = signature(run, prepared, identity);
        if (signature.isEmpty() && !prepared.signed()) {
            return new Outcome.Waiting(SIGNATURE);
        }
        GasBudget.Grant grant = sponsor.reserve(run.id(), run.principal(), Sponsor.PUBLISH_GAS);
        if (!(grant instanceof GasBudget.Grant.Reserved)) {
            return Sponsor.later(grant);
        }
        faults.reach(FaultPoint.RELAY_RESERVED);
        Attested attested =
                prepared.signed() ? publishing.recall(prepared) : publishing.attest(prepared, signature.orElseThrow());
        run.record(
                "attested",
                JSON.createObjectNode()
                        .put("evidenceCid", attested.evidenceCid())
                        .put("status", attested.status()));
        try {
            Published published = publishing.register(attested, sent -> run.record("submitted", sent(sent)));
            sponsor.settle(run.id(), published.costWei());
            run.record("confirmed", confirmed(published));
            return new Outcome.Done();
        } catch (RevertedException refused) {
            if (registry.record(prepared.deltaId()).isPresent()) {
                // Anybody may carry a signed publication to the chain, and somebody did.
                run.record(
                        "confirmed",
                        JSON.createObjectNode()
                                .put("deltaId", prepared.deltaId().hex())
                                .put("carriedBy", "another account"));
                return new Outcome.Done();
            }
            if (headMoved(prepared)) {
                // Another delta of the owner came first: prepared anew, and the owner signs anew.
                return new Outcome.Later(Duration.ZERO, "the owner's head has moved");
            }
            throw refused;
        }
    }

    private boolean headMoved(Prepared prepared) {
        return !registry.head(prepared.delta().identity(), prepared.delta().baseHash())
                .equals(prepared.message().prev());
    }

    private Optional<EvmSignature> signature(JobRun run, Prepared prepared, EvmAddress identity) {
        return run.result(SIGNATURE)
                .filter(given -> given.path("deltaId")
                        .asString()
                        .equals(prepared.deltaId().hex()))
                .map(given -> EvmSignature.parse(
                        Numeric.hexStringToByteArray(given.path("signature").asString())))
                .filter(given -> publishing.accepts(identity, prepared.message().digest(registry.domain()), given));
    }

    private ObjectNode prepared(Prepared prepared) {
        ObjectNode step = JSON.createObjectNode()
                .put("deltaId", prepared.deltaId().hex())
                .put("deltaCid", prepared.deltaCid())
                .put("manifestCid", prepared.manifestCid())
                .put("contentRoot", prepared.contentRoot().hex())
                .put("deltaRoot", prepared.delta().deltaRoot().hex())
                .put("prev", prepared.message().prev().hex())
                .put("deadline", prepared.message().deadline());
        step.set("typedData", JSON.valueToTree(SigningRequest.of(prepared.message(), registry.domain())));
        return step;
    }

    /** The message that a job waits to be signed, from its {@code prepared} step. */
    static PublishMessage message(ObjectNode prepared) {
        return new PublishMessage(
                Bytes32.of(prepared.path("deltaId").asString()),
                Bytes32.of(prepared.path("prev").asString()),
                prepared.path("deadline").asLong());
    }

    static ObjectNode sent(OutboxEntry entry) {
        return JSON.createObjectNode()
                .put("tx", entry.hash())
                .put("signer", entry.signer())
                .put("nonce", entry.nonce())
                .put("state", entry.state().name());
    }

    private static ObjectNode confirmed(Published published) {
        return mined(published.transaction())
                .put("deltaId", published.deltaId())
                .put("did", published.did())
                .put("together", published.together())
                .put("costWei", published.costWei().toString());
    }

    static ObjectNode mined(OutboxEntry entry) {
        return JSON.createObjectNode()
                .put("tx", entry.hash())
                .put("block", entry.block())
                .put("gas", entry.gasUsed());
    }
}
