package io.bitdelta.node.publish;

import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.manifest.EvidenceBundle;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.attestation.typed.DeltaStruct;
import io.bitdelta.attestation.typed.PublishMessage;
import io.bitdelta.attestation.typed.RevokeMessage;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.commit.DeltaCommitment;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.attest.Endorsed;
import io.bitdelta.node.attest.EvidenceGate;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.fault.FaultPoint;
import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.provenance.PrivacyClaim;
import io.bitdelta.node.provenance.TrainingRecord;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.trace.TraceStep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The way of one delta: commitment, content store, manifest, evidence, the owner's signature, the chain.
 *
 * <p>Every step may be repeated. A crash anywhere leaves inputs that lead to the same bytes, and the outbox sends the
 * transaction once.
 */
public final class PublishService {
    private static final long SIGNATURE_VALID_SECONDS = 24 * 3600;

    private final PublicationStore publications;
    private final ContentStore content;
    private final RegistryContract registry;
    private final Outbox outbox;
    private final EvidenceGate evidence;
    private final ManifestMaker manifests;
    private final Registrar registrar;
    private final SecureRandom random;
    private final Faults faults;
    private final Clock clock;

    /**
     * @param evidence gets this node's evidence, and judges whether it admits a publication
     * @param gate what an evaluated delta must be worth
     * @param pollEvery pause between looks at a batch
     * @param threads carry batches to the chain while somebody waits for one
     * @param faults told of every step between two effects
     */
    public PublishService(
            Database database,
            ContentStore content,
            RegistryContract registry,
            Outbox outbox,
            EvidenceGate evidence,
            EvaluationGate gate,
            ChainClient chain,
            Duration pollEvery,
            Executor threads,
            SecureRandom random,
            Faults faults,
            Clock clock) {
        this.publications = new PublicationStore(database);
        this.content = content;
        this.registry = registry;
        this.outbox = outbox;
        this.evidence = evidence;
        this.manifests = new ManifestMaker(content, gate);
        this.registrar = new Registrar(database, registry, outbox, chain, pollEvery, threads, faults);
        this.random = random;
        this.faults = faults;
        this.clock = clock;
    }

    /**
     * Publishes a public delta.
     *
     * @throws PublishRefusedException when the intent belongs to another file or owner, or the evidence is not admitted
     * @throws io.bitdelta.node.chain.RevertedException when the registry refuses
     * @throws io.bitdelta.node.chain.TxExpiredException when evidence or signature ended before the chain took it
     * @throws IOException when the content store cannot be written
     */
    public Published publish(PublishRequest request, OwnerSigner owner) throws IOException {
        Prepared prepared = prepare(request, EvmAddress.of(owner.address()));
        Attested attested = prepared.signed()
                ? recall(prepared)
                : attest(prepared, owner.sign(prepared.message().digest(registry.domain())));
        return register(attested, sent -> {});
    }

    /**
     * Does everything that needs no signature: checks the file, stores it, makes the manifest. May be repeated; gives the
     * same until the owner's head has moved or the time to sign is over.
     *
     * @throws PublishRefusedException when the intent belongs to another file or owner, the documents are of another delta,
     *     the evaluation does not pass, or the owner's privacy budget does not cover the claim
     * @throws IOException when the content store cannot be written
     */
    public Prepared prepare(PublishRequest request, EvmAddress identity) throws IOException {
        try (DeltaFile file = DeltaFile.open(request.deltaFile())) {
            Bytes32 fileHash = bytes32(file.fileHash());
            Bytes32 baseHash = bytes32(file.header().metadata().baseHash());
            manifests.require(request, fileHash, baseHash);
            PublicationStore.Inputs inputs = inputs(request.intent(), identity, fileHash, baseHash);
            requireBudget(request, identity, inputs);
            faults.reach(FaultPoint.PUBLISH_INPUTS_STORED);
            DeltaCommitment bound = DeltaCommitment.of(
                    file, identity.bytes(), Hash32.of(inputs.salt().bytes()));
            Bytes32 contentRoot = bytes32(DeltaCommitment.contentRoot(file));
            Cid deltaCid = importFile(request.deltaFile(), contentRoot);
            faults.reach(FaultPoint.PUBLISH_FILE_STORED);

            Manifest manifest = manifests.make(
                    request,
                    file,
                    new ManifestMaker.Bound(deltaCid, fileHash, baseHash, contentRoot, bytes32(bound.deltaRoot())),
                    new LuxDid(registry.chainId(), identity),
                    inputs);
            DeltaStruct delta = ManifestMaker.struct(manifest);
            requireSame(request, inputs, delta);
            Cid manifestCid = content.addRaw(manifest.bytes(), "manifest of " + delta.deltaId(), Visibility.PUBLIC);
            faults.reach(FaultPoint.PUBLISH_MANIFEST_STORED);
            return new Prepared(
                    request.intent(),
                    delta,
                    new PublishMessage(delta.deltaId(), inputs.prev(), inputs.deadline()),
                    deltaCid.toString(),
                    manifestCid.toString(),
                    contentRoot,
                    manifest.privacy().paramsHash(),
                    inputs.evidence() != null && Objects.equals(delta.deltaId(), inputs.deltaId()));
        }
    }

    private void requireSame(PublishRequest request, PublicationStore.Inputs inputs, DeltaStruct delta) {
        Bytes32 sent = inputs.deltaId();
        if (sent != null && !sent.equals(delta.deltaId()) && registrar.knows(sent)) {
            throw new PublishRefusedException(
                    "\"%s\" is published as %s, with another base name, training record or evaluation: use another name for another publication"
                            .formatted(request.intent(), sent));
        }
    }

    /** The registry would refuse it too, but only after the owner has signed. */
    private void requireBudget(PublishRequest request, EvmAddress identity, PublicationStore.Inputs inputs) {
        Optional<PrivacyClaim> claim = request.training().flatMap(TrainingRecord::privacy);
        Bytes32 sent = inputs.deltaId();
        if (claim.isEmpty() || (sent != null && registrar.knows(sent))) {
            return;
        }
        RegistryContract.Budget budget = registry.budget(identity);
        if (!budget.covers(claim.get().epsilonMilli())) {
            throw new PublishRefusedException(
                    "privacy budget of %s: epsilon %s of %s is spent, this delta would spend %s; the rest does not cover it, and a budget is never raised"
                            .formatted(
                                    identity,
                                    RegistryContract.Budget.epsilon(budget.spentMilli()),
                                    RegistryContract.Budget.epsilon(budget.capMilli()),
                                    claim.get().epsilon()));
        }
    }

    /**
     * Whether a signature is one that the registry will take for the prepared publication: the identity's own, its
     * controller's, or a delegate's for publishing.
     */
    public boolean accepts(EvmAddress identity, Bytes32 digest, EvmSignature signature) {
        try {
            return registry.mayPublish(identity, signature.recover(digest).hex());
        } catch (SignatureException unrecoverable) {
            return false;
        }
    }

    /**
     * Has a signed publication attested, and stores evidence and signature.
     *
     * @throws PublishRefusedException when the evidence is not admitted
     * @throws IOException when the content store cannot be written
     */
    public Attested attest(Prepared prepared, EvmSignature signature) throws IOException {
        if (prepared.signed()) {
            return recall(prepared);
        }
        PublicationStore.Inputs inputs = publications.find(prepared.intent()).orElseThrow();
        EvidenceBundle bundle = bundle(prepared, inputs, signature);
        String name = "evidence of " + prepared.deltaId();
        Cid evidenceCid = content.addRaw(bundle.bytes(), name, Visibility.PUBLIC);
        faults.reach(FaultPoint.PUBLISH_BUNDLE_STORED);
        Bytes32 digest = bundle.digest();
        publications.signed(prepared.intent(), prepared.deltaId(), digest);
        faults.reach(FaultPoint.PUBLISH_SIGNED);
        return new Attested(prepared, bundle, digest, evidenceCid.toString(), status(bundle.appraisal()));
    }

    /** What was attested and signed before stays: the chain may have its digest already. */
    Attested recall(Prepared prepared) throws IOException {
        PublicationStore.Inputs inputs = publications.find(prepared.intent()).orElseThrow();
        Cid evidenceCid =
                Cid.rawSha256(Objects.requireNonNull(inputs.evidence()).bytes());
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        content.cat(evidenceCid, block);
        EvidenceBundle bundle = EvidenceBundle.parse(block.toByteArray());
        return new Attested(prepared, bundle, bundle.digest(), evidenceCid.toString(), status(bundle.appraisal()));
    }

    /**
     * Puts a signed and attested publication on the chain, and waits until it is final.
     *
     * @param sent told of the transaction as soon as there is one
     * @throws io.bitdelta.node.chain.RevertedException when the registry refuses
     * @throws io.bitdelta.node.chain.TxExpiredException when evidence or signature ended before the chain took it
     */
    public Published register(Attested attested, Consumer<OutboxEntry> sent) {
        Prepared prepared = attested.prepared();
        Registrar.Registration done = registrar.register(attested, sent);
        faults.reach(FaultPoint.PUBLISH_DONE);
        return new Published(
                prepared.deltaId().hex(),
                new LuxDid(registry.chainId(), prepared.delta().identity()).toString(),
                prepared.deltaCid(),
                prepared.manifestCid(),
                attested.evidenceCid(),
                prepared.contentRoot().hex(),
                prepared.delta().deltaRoot().hex(),
                attested.status(),
                done.transaction(),
                done.together());
    }

    /** What an owner signs to take a delta back, good for a day. */
    public RevokeMessage revocation(Bytes32 deltaId) {
        return new RevokeMessage(deltaId, registry.chainTime() + SIGNATURE_VALID_SECONDS);
    }

    /**
     * Takes a delta back, for ever.
     *
     * @throws io.bitdelta.node.chain.RevertedException when the registry refuses, e.g. because it is not the owner's
     */
    public OutboxEntry revoke(Bytes32 deltaId, OwnerSigner owner) {
        RevokeMessage message = revocation(deltaId);
        return revoke(message, owner.sign(message.digest(registry.domain())));
    }

    /**
     * Takes a delta back with a signature that was made elsewhere.
     *
     * @throws io.bitdelta.node.chain.RevertedException when the registry refuses
     * @throws io.bitdelta.node.chain.TxExpiredException when the signature ended before the chain took it
     */
    public OutboxEntry revoke(RevokeMessage message, EvmSignature signature) {
        return outbox.execute(TxRequest.call(
                        "revoke " + message.deltaId(),
                        registry.address(),
                        registry.revokeBySig(message.deltaId(), message.deadline(), signature.bytes()))
                .from(new TxRequest.Sender.Any())
                .until(message.deadline()));
    }

    private Cid importFile(Path file, Bytes32 contentRoot) throws IOException {
        try (TraceStep step = TraceStep.begin("store import")) {
            step.with("bitdelta.bytes", Files.size(file));
            return content.addFile(file, "delta " + contentRoot, Visibility.PUBLIC)
                    .root();
        }
    }

    private PublicationStore.Inputs inputs(String intent, EvmAddress identity, Bytes32 fileHash, Bytes32 baseHash) {
        long now = registry.chainTime();
        Optional<PublicationStore.Inputs> stored = publications.find(intent);
        if (stored.isEmpty()) {
            return publications.insert(new PublicationStore.Inputs(
                    intent,
                    identity,
                    fileHash,
                    clock.instant().truncatedTo(ChronoUnit.SECONDS),
                    randomWord(),
                    randomWord(),
                    now + SIGNATURE_VALID_SECONDS,
                    registry.head(identity, baseHash),
                    now + SIGNATURE_VALID_SECONDS,
                    null,
                    null));
        }
        PublicationStore.Inputs known = stored.get();
        if (!known.fileHash().equals(fileHash) || !known.identity().equals(identity)) {
            throw new PublishRefusedException(
                    "\"%s\" stands for file %s of %s already, not for %s of %s: use another name for another publication"
                            .formatted(intent, known.fileHash(), known.identity(), fileHash, identity));
        }
        Bytes32 sent = known.deltaId();
        if (sent != null && registrar.knows(sent)) {
            return known;
        }
        Bytes32 head = registry.head(identity, baseHash);
        if (!head.equals(known.prev()) || known.deadline() <= now || known.expiry() <= now) {
            return publications.renew(known, head, now + SIGNATURE_VALID_SECONDS, now + SIGNATURE_VALID_SECONDS);
        }
        return known;
    }

    private EvidenceBundle bundle(Prepared prepared, PublicationStore.Inputs inputs, EvmSignature signature)
            throws IOException {
        DeltaStruct delta = prepared.delta();
        Statement statement = new Statement(
                registry.chainId(),
                EvmAddress.of(registry.address()),
                delta.deltaId(),
                inputs.challenge(),
                prepared.dpParamsHash(),
                Bytes32.ZERO,
                Bytes32.ZERO,
                inputs.expiry());
        EvidenceGate.Judged judged = judged(statement, inputs.createdAt());
        AppraisalResult result = judged.result();
        if (!result.admitted()) {
            throw new PublishRefusedException("the evidence for %s is not admitted: %s %s"
                    .formatted(delta.deltaId(), result.tier().word(), result.reasons()));
        }
        Endorsed endorsed = judged.endorsed();
        return new EvidenceBundle(
                endorsed.evidence(), endorsed.endorsements(), result, statement, prepared.message(), signature);
    }

    private EvidenceGate.Judged judged(Statement statement, Instant prepared) throws IOException {
        try {
            return evidence.attest(statement, prepared);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while the platform was asked for evidence");
        }
    }

    private static String status(AppraisalResult result) {
        return result.technology().word() + ", " + result.tier().word() + (result.development() ? ", DEVELOPMENT" : "");
    }

    private Bytes32 randomWord() {
        byte[] word = new byte[Bytes32.LENGTH];
        random.nextBytes(word);
        return Bytes32.of(word);
    }

    private static Bytes32 bytes32(Hash32 hash) {
        return Bytes32.of(hash.bytes());
    }
}
