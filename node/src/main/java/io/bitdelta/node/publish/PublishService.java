package io.bitdelta.node.publish;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.evidence.software.SoftwareAttester;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.attestation.manifest.EvidenceBundle;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.typed.DeltaStruct;
import io.bitdelta.attestation.typed.Eip712Domain;
import io.bitdelta.attestation.typed.PublishMessage;
import io.bitdelta.attestation.typed.RevokeMessage;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.commit.DeltaCommitment;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.store.Database;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

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
    private final SoftwareAttester attester;
    private final Appraiser appraiser;
    private final AppraisalPolicy policy;
    private final Bytes32 measurement;
    private final SecureRandom random;
    private final Clock clock;

    /**
     * @param attester issues development evidence
     * @param policy decides whether evidence admits a publication
     * @param measurement hash of the running code, as claimed in development evidence
     */
    public PublishService(
            Database database,
            ContentStore content,
            RegistryContract registry,
            Outbox outbox,
            SoftwareAttester attester,
            Appraiser appraiser,
            AppraisalPolicy policy,
            Bytes32 measurement,
            SecureRandom random,
            Clock clock) {
        this.publications = new PublicationStore(database);
        this.content = content;
        this.registry = registry;
        this.outbox = outbox;
        this.attester = attester;
        this.appraiser = appraiser;
        this.policy = policy;
        this.measurement = measurement;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Publishes a public delta.
     *
     * @throws PublishRefusedException when the intent belongs to another file or owner, or the evidence is not admitted
     * @throws io.bitdelta.node.chain.RevertedException when the registry refuses
     * @throws IOException when the content store cannot be written
     */
    public Published publish(PublishRequest request, OwnerSigner owner) throws IOException {
        EvmAddress identity = EvmAddress.of(owner.address());
        try (DeltaFile file = DeltaFile.open(request.deltaFile())) {
            Bytes32 fileHash = bytes32(file.fileHash());
            Bytes32 baseHash = bytes32(file.header().metadata().baseHash());
            PublicationStore.Inputs inputs = inputs(request.intent(), identity, fileHash, baseHash);

            DeltaCommitment bound = DeltaCommitment.of(
                    file, identity.bytes(), Hash32.of(inputs.salt().bytes()));
            Bytes32 contentRoot = bytes32(DeltaCommitment.contentRoot(file));
            Bytes32 deltaRoot = bytes32(bound.deltaRoot());
            Cid deltaCid = importFile(request.deltaFile(), contentRoot);

            Manifest manifest = Manifest.builder()
                    .base(request.baseName(), baseHash)
                    .compression(DeltaLabels.compression(file), DeltaLabels.scales(file), file.size())
                    .delta(deltaCid.toString(), contentRoot, deltaRoot, fileHash, inputs.salt())
                    .noPrivacyClaim()
                    .section(
                            "training",
                            new ObjectBuilder()
                                    .put("method", request.trainingMethod())
                                    .build())
                    .user(new LuxDid(registry.chainId(), identity))
                    .versioning(inputs.createdAt(), inputs.prev())
                    .build();
            DeltaStruct delta = new DeltaStruct(
                    identity, baseHash, deltaRoot, manifest.digest(), Bytes32.ZERO, 0, DeltaStruct.PUBLIC);
            Cid manifestCid = content.addRaw(manifest.bytes(), "manifest of " + delta.deltaId(), Visibility.PUBLIC);

            EvidenceBundle bundle = bundle(delta, inputs, owner);
            Cid evidenceCid = content.addRaw(bundle.bytes(), "evidence of " + delta.deltaId(), Visibility.PUBLIC);
            publications.signed(request.intent(), delta.deltaId(), bundle.digest());

            OutboxEntry transaction = outbox.execute(
                    TxRequest.call(purpose(delta.deltaId()), registry.address(), registry.publishBySig(delta, bundle)));
            return new Published(
                    delta.deltaId().hex(),
                    new LuxDid(registry.chainId(), identity).toString(),
                    deltaCid.toString(),
                    manifestCid.toString(),
                    evidenceCid.toString(),
                    contentRoot.hex(),
                    deltaRoot.hex(),
                    status(bundle.appraisal()),
                    transaction);
        }
    }

    /**
     * Takes a delta back, for ever.
     *
     * @throws io.bitdelta.node.chain.RevertedException when the registry refuses, e.g. because it is not the owner's
     */
    public OutboxEntry revoke(Bytes32 deltaId, OwnerSigner owner) {
        long deadline = registry.chainTime() + SIGNATURE_VALID_SECONDS;
        EvmSignature signature = owner.sign(new RevokeMessage(deltaId, deadline).digest(registry.domain()));
        return outbox.execute(TxRequest.call(
                "revoke " + deltaId, registry.address(), registry.revokeBySig(deltaId, deadline, signature.bytes())));
    }

    private Cid importFile(Path file, Bytes32 contentRoot) throws IOException {
        return content.addFile(file, "delta " + contentRoot, Visibility.PUBLIC).root();
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
        if (sent != null && outbox.find(purpose(sent)).isPresent()) {
            return known;
        }
        Bytes32 head = registry.head(identity, baseHash);
        if (!head.equals(known.prev()) || known.deadline() <= now || known.expiry() <= now) {
            return publications.renew(known, head, now + SIGNATURE_VALID_SECONDS, now + SIGNATURE_VALID_SECONDS);
        }
        return known;
    }

    /** What was attested and signed before stays: the chain may have its digest already. */
    private EvidenceBundle bundle(DeltaStruct delta, PublicationStore.Inputs inputs, OwnerSigner owner)
            throws IOException {
        Bytes32 stored = inputs.evidence();
        Bytes32 signed = inputs.deltaId();
        if (stored != null && signed != null && signed.equals(delta.deltaId())) {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            content.cat(Cid.rawSha256(stored.bytes()), block);
            return EvidenceBundle.parse(block.toByteArray());
        }
        return attest(delta, inputs, owner);
    }

    private EvidenceBundle attest(DeltaStruct delta, PublicationStore.Inputs inputs, OwnerSigner owner) {
        Statement statement = Statement.of(
                registry.chainId(),
                EvmAddress.of(registry.address()),
                delta.deltaId(),
                inputs.challenge(),
                inputs.expiry());
        byte[] evidence = attester.attest(statement.reportData(), measurement);
        AppraisalResult result =
                appraiser.appraise(evidence, Endorsements.none(), policy, inputs.createdAt(), statement.reportData());
        if (!result.admitted()) {
            throw new PublishRefusedException("the evidence for %s is not admitted: %s %s"
                    .formatted(delta.deltaId(), result.tier().word(), result.reasons()));
        }
        PublishMessage message = new PublishMessage(delta.deltaId(), inputs.prev(), inputs.deadline());
        Eip712Domain domain = registry.domain();
        return new EvidenceBundle(
                evidence, Endorsements.none(), result, statement, message, owner.sign(message.digest(domain)));
    }

    private static String status(AppraisalResult result) {
        return result.technology().word() + ", " + result.tier().word() + (result.development() ? ", DEVELOPMENT" : "");
    }

    private static String purpose(Bytes32 deltaId) {
        return "publish " + deltaId;
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
