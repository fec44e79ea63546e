package io.bitdelta.node.verify;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.evidence.StandardAppraiser;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.manifest.EvidenceBundle;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.manifest.ManifestException;
import io.bitdelta.attestation.receipt.ComputeReceipt;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.attestation.typed.ComputeReceiptStruct;
import io.bitdelta.attestation.typed.DeltaStruct;
import io.bitdelta.contracts.BitDeltaRegistry;
import io.bitdelta.contracts.BitDeltaRegistry.DeltaPublishedEventResponse;
import io.bitdelta.engine.EngineInputException;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.commit.DeltaCommitment;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.gateway.GatewayClient;
import io.bitdelta.node.chain.BlockHead;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.config.TestChains;
import io.bitdelta.node.provenance.MeteredPrivacy;
import io.bitdelta.node.provenance.PrivacyClaim;
import io.bitdelta.node.provenance.ProvenanceException;
import io.bitdelta.node.provenance.SignedEvaluation;
import io.bitdelta.node.publish.RegistryContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.web3j.abi.EventEncoder;
import org.web3j.protocol.core.methods.response.Log;

/**
 * From a delta id to its bytes, checking every hash, signature and piece of evidence on the way. It reads a chain endpoint
 * and gateways, and nothing else; what a gateway answers counts only if it hashes to what the chain says.
 */
public final class StrangersCheck {
    private static final int CALLER_FLAGS = DeltaStruct.PUBLIC | DeltaStruct.DP_CLAIMED;
    private static final int EVIDENCE_FLAGS = 4 | 8;

    private final ChainClient chain;
    private final RegistryContract registry;
    private final ContentFetch content;
    private final List<Check> checks = new ArrayList<>();

    /**
     * A check through these endpoints.
     *
     * @param registryAddress the registry that is trusted
     */
    public StrangersCheck(ChainClient chain, String registryAddress, GatewayClient gateways) {
        this(chain, registryAddress, ContentFetch.of(gateways));
    }

    /** The same with content from anywhere. */
    public StrangersCheck(ChainClient chain, String registryAddress, ContentFetch content) {
        this.chain = chain;
        this.registry = new RegistryContract(chain, registryAddress);
        this.content = content;
    }

    /**
     * Checks everything.
     *
     * @param workFolder where the delta file is fetched to; the caller deletes it
     * @throws ChainException when the chain cannot be reached
     * @throws IOException when no gateway can be reached or the folder cannot be written
     */
    public VerifyReport verify(Bytes32 deltaId, Path workFolder) throws IOException {
        checks.clear();
        try {
            walk(deltaId, workFolder);
        } catch (Broken known) {
            // The failed check is the last one of the list.
            return new VerifyReport(false, List.copyOf(checks));
        }
        return new VerifyReport(checks.stream().allMatch(Check::ok), List.copyOf(checks));
    }

    private void walk(Bytes32 deltaId, Path workFolder) throws IOException {
        Optional<RegistryContract.Stored> stored = registry.record(deltaId);
        require(
                "record",
                stored.isPresent(),
                "registry %s on chain %d, delta %s".formatted(registry.address(), registry.chainId(), deltaId));
        RegistryContract.Stored record = stored.orElseThrow();
        check(
                "not revoked",
                record.revokedAt() == 0,
                record.revokedAt() == 0 ? "stands" : "revoked at " + record.revokedAt());

        DeltaPublishedEventResponse event = event(deltaId, record.publishedAt());
        DeltaStruct delta = struct(event);
        require("deltaId", delta.deltaId().equals(deltaId), "hashStruct of the event's fields is " + delta.deltaId());
        require(
                "owner",
                delta.identity().equals(record.identity()),
                "%s in the event, %s in the record".formatted(delta.identity(), record.identity()));

        Manifest manifest = manifest(delta);
        matchManifest(manifest, delta, Bytes32.of(event.prev));
        file(manifest, delta, workFolder);
        privacy(manifest, delta);
        receipt(manifest, delta);
        evaluation(manifest, delta);
        evidence(manifest, delta, Bytes32.of(event.evidenceDigest), Bytes32.of(event.prev), record);
    }

    private DeltaPublishedEventResponse event(Bytes32 deltaId, long publishedAt) {
        long number = blockAt(publishedAt);
        List<String> topics = List.of(EventEncoder.encode(BitDeltaRegistry.DELTAPUBLISHED_EVENT), deltaId.hex());
        while (true) {
            List<Log> logs = chain.logs(number, number, List.of(registry.address()), topics);
            if (!logs.isEmpty()) {
                check(
                        "event",
                        true,
                        "DeltaPublished in block %d, transaction %s"
                                .formatted(number, logs.getFirst().getTransactionHash()));
                return BitDeltaRegistry.getDeltaPublishedEventFromLog(logs.getFirst());
            }
            number++;
            boolean sameTime =
                    chain.block(number).map(b -> b.timestamp() == publishedAt).orElse(false);
            require("event", sameTime, "no DeltaPublished event in the blocks of time " + publishedAt);
        }
    }

    /** The first block that is not older than a time: a handful of header reads instead of a scan for events. */
    private long blockAt(long time) {
        long low = 0;
        long high = chain.head().number();
        while (low < high) {
            long middle = (low + high) >>> 1;
            BlockHead block =
                    chain.block(middle).orElseThrow(() -> new ChainException(chain.url() + " has lost a block"));
            if (block.timestamp() < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static DeltaStruct struct(DeltaPublishedEventResponse event) {
        return new DeltaStruct(
                EvmAddress.of(event.identity),
                Bytes32.of(event.baseHash),
                Bytes32.of(event.deltaRoot),
                Bytes32.of(event.manifestDigest),
                Bytes32.of(event.receiptHash),
                event.epsilonMilli.intValueExact(),
                event.flags.intValueExact() & CALLER_FLAGS);
    }

    private Manifest manifest(DeltaStruct delta) throws IOException {
        Cid cid = Cid.rawSha256(delta.manifestDigest().bytes());
        byte[] bytes = fetch("manifest", cid);
        try {
            Manifest manifest = Manifest.parse(bytes);
            require(
                    "manifest",
                    manifest.digest().equals(delta.manifestDigest()),
                    "SHA-256 of block " + cid + " is " + manifest.digest());
            return manifest;
        } catch (ManifestException malformed) {
            throw broken("manifest", cid + ": " + malformed.getMessage());
        }
    }

    private void matchManifest(Manifest manifest, DeltaStruct delta, Bytes32 prev) {
        LuxDid did = new LuxDid(registry.chainId(), delta.identity());
        equal("manifest user", manifest.user().toString(), did.toString());
        equal("manifest base", manifest.base().weightsHash(), delta.baseHash());
        equal("manifest deltaRoot", manifest.delta().deltaRoot(), delta.deltaRoot());
        equal("manifest id", manifest.id(), manifest.delta().contentRoot());
        equal("manifest previous", manifest.versioning().previous(), prev);
        equal("manifest epsilon", manifest.privacy().epsilonMilli(), delta.epsilonMilli());
        equal(
                "manifest receipt",
                manifest.receipt().map(Manifest.Receipt::hash).orElse(Bytes32.ZERO),
                delta.receiptHash());
    }

    private void file(Manifest manifest, DeltaStruct delta, Path workFolder) throws IOException {
        Path target = workFolder.resolve("delta.safetensors");
        Cid cid = Cid.parse(manifest.delta().cid());
        try {
            content.file(cid, target, manifest.compression().size());
        } catch (ContentException refused) {
            throw broken("delta file", message(refused));
        }
        check("delta file", true, "%s, %d bytes, every block verified".formatted(cid, Files.size(target)));
        equal("delta size", Files.size(target), manifest.compression().size());
        try (DeltaFile file = DeltaFile.open(target)) {
            equal("fileHash", bytes32(file.fileHash()), manifest.delta().fileHash());
            equal("base of the file", bytes32(file.header().metadata().baseHash()), delta.baseHash());
            equal(
                    "contentRoot",
                    bytes32(DeltaCommitment.contentRoot(file)),
                    manifest.delta().contentRoot());
            Bytes32 salt = manifest.delta()
                    .salt()
                    .orElseThrow(() -> broken("salt", "a public delta's manifest must hold the salt"));
            DeltaCommitment bound = DeltaCommitment.of(file, delta.identity().bytes(), Hash32.of(salt.bytes()));
            equal("deltaRoot", bytes32(bound.deltaRoot()), delta.deltaRoot());
        } catch (EngineInputException malformed) {
            throw broken("delta file structure", message(malformed));
        }
    }

    /** What is claimed, and whether the accountant agrees; that the training was so, no stranger can know. */
    private void privacy(Manifest manifest, DeltaStruct delta) {
        boolean claimed = manifest.privacy().claimed();
        equal("DP flag", (delta.flags() & DeltaStruct.DP_CLAIMED) != 0, claimed);
        if (!claimed) {
            check("privacy", true, "no guarantee is claimed");
            return;
        }
        try {
            PrivacyClaim claim = PrivacyClaim.of(manifest.section("privacy").orElseThrow());
            check("privacy", claim.deltaE18() <= PrivacyClaim.CHAIN_DELTA_E18, "claimed: " + claim.text());
        } catch (ProvenanceException wrong) {
            throw broken("privacy", message(wrong));
        }
    }

    private void receipt(Manifest manifest, DeltaStruct delta) throws IOException {
        if (manifest.receipt().isEmpty()) {
            return;
        }
        try {
            ComputeReceiptStruct receipt = ComputeReceipt.parse(
                            fetch("receipt", Cid.parse(manifest.receipt().get().cid())))
                    .content();
            equal("receipt hash", receipt.structHash(), delta.receiptHash());
            equal("receipt delta", receipt.deltaHash(), delta.deltaRoot());
            equal("receipt model", receipt.modelHash(), delta.baseHash());
            equal("receipt output", receipt.outputCommit(), manifest.delta().fileHash());
            JsonObject section = manifest.section("receipt").orElseThrow();
            document(section, "citations", receipt.citationsHash());
            Optional<byte[]> metering = document(section, "metering", receipt.meteringHash());
            if (metering.isPresent()) {
                equal("receipt privacy", MeteredPrivacy.of(metering.get()), MeteredPrivacy.of(manifest));
            }
        } catch (JsonException | ProvenanceException malformed) {
            throw broken("receipt", message(malformed));
        }
    }

    /** A document that the receipt commits to by its Keccak hash, and the manifest says where it is. */
    private Optional<byte[]> document(JsonObject section, String name, Bytes32 hash) throws IOException {
        Optional<String> cid = section.optionalText(name);
        if (cid.isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = fetch("receipt " + name, Cid.parse(cid.get()));
        equal("receipt " + name, Keccak256.of(bytes), hash);
        return Optional.of(bytes);
    }

    /** Who vouches for which figures; whether the figures are right shows who measures again. */
    private void evaluation(Manifest manifest, DeltaStruct delta) throws IOException {
        Optional<String> cid = manifest.section("evaluation").flatMap(section -> section.optionalText("cid"));
        if (cid.isEmpty()) {
            return;
        }
        try {
            SignedEvaluation evaluation = SignedEvaluation.parse(fetch("evaluation", Cid.parse(cid.get())));
            equal("evaluation file", evaluation.fileHash(), manifest.delta().fileHash());
            equal("evaluation base", evaluation.baseHash(), delta.baseHash());
            EvmAddress signer = evaluation.signer();
            check(
                    "evaluation",
                    speaksFor(signer, delta.identity()),
                    "signed by %s; of the base's score it keeps: %s".formatted(signer, evaluation.text()));
        } catch (ProvenanceException malformed) {
            throw broken("evaluation", message(malformed));
        }
    }

    private boolean speaksFor(EvmAddress signer, EvmAddress identity) {
        return signer.equals(identity)
                || registry.controller(identity).map(signer::equals).orElse(false);
    }

    private void evidence(
            Manifest manifest, DeltaStruct delta, Bytes32 digest, Bytes32 prev, RegistryContract.Stored record)
            throws IOException {
        if (digest.isZero()) {
            check("evidence", (record.flags() & EVIDENCE_FLAGS) == 0, "none: signed by its owner only");
            return;
        }
        Cid cid = Cid.rawSha256(digest.bytes());
        EvidenceBundle bundle;
        try {
            bundle = EvidenceBundle.parse(fetch("evidence", cid));
        } catch (ManifestException malformed) {
            throw broken("evidence", cid + ": " + malformed.getMessage());
        }
        Bytes32 deltaId = delta.deltaId();
        equal("statement delta", bundle.statement().deltaId(), deltaId);
        equal("statement chain", bundle.statement().chainId(), registry.chainId());
        equal("statement registry", bundle.statement().registry(), EvmAddress.of(registry.address()));
        equal(
                "statement privacy",
                bundle.statement().dpParamsHash(),
                manifest.privacy().paramsHash());
        equal("signed prev", bundle.publish().prev(), prev);
        AppraisalPolicy policy = TestChains.contains(registry.chainId())
                ? AppraisalPolicy.strict().withDevelopment(registry.chainId())
                : AppraisalPolicy.strict();
        // Evidence must have held when it was published; what happened to its collateral since is another question.
        Instant published = Instant.ofEpochSecond(record.publishedAt());
        check(
                "statement expiry",
                bundle.statement().expiry() >= record.publishedAt(),
                "%s, published %s"
                        .formatted(Instant.ofEpochSecond(bundle.statement().expiry()), published));
        AppraisalResult result = bundle.appraise(StandardAppraiser.create(), policy, published);
        check(
                "evidence",
                result.admitted(),
                "%s, tier %s%s%s"
                        .formatted(
                                result.technology().word(),
                                result.tier().word(),
                                result.development() ? ", DEVELOPMENT: proves nothing about hardware" : "",
                                result.reasons().isEmpty() ? "" : ", " + result.reasons()));
        signature(bundle, delta);
    }

    private void signature(EvidenceBundle bundle, DeltaStruct delta) {
        EvmAddress signer;
        try {
            signer = bundle.signature().recover(bundle.publish().digest(registry.domain()));
        } catch (SignatureException malformed) {
            throw broken("owner's signature", message(malformed));
        }
        boolean owner = signer.equals(delta.identity());
        boolean controller = !owner
                && registry.controller(delta.identity()).map(signer::equals).orElse(false);
        check(
                "owner's signature",
                owner || controller,
                "signed by " + signer
                        + (owner
                                ? ", the identity"
                                : controller
                                        ? ", its controller"
                                        : ", who is neither the identity nor its controller"));
    }

    private byte[] fetch(String what, Cid cid) throws IOException {
        try {
            return content.block(cid);
        } catch (ContentException refused) {
            throw broken(what, message(refused));
        }
    }

    private void equal(String name, Object found, Object expected) {
        require(
                name,
                found.equals(expected),
                found.equals(expected) ? String.valueOf(found) : "%s, expected %s".formatted(found, expected));
    }

    private void require(String name, boolean ok, String detail) {
        if (!ok) {
            throw broken(name, detail);
        }
        check(name, true, detail);
    }

    private void check(String name, boolean ok, String detail) {
        checks.add(new Check(name, ok, detail));
    }

    private Broken broken(String name, String detail) {
        checks.add(new Check(name, false, detail));
        return new Broken();
    }

    private static String message(Exception failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private static Bytes32 bytes32(Hash32 hash) {
        return Bytes32.of(hash.bytes());
    }

    /** A check failed that the later ones build on. */
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken() {
            super(null, null, false, false);
        }
    }
}
