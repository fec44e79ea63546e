package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.manifest.ManifestBuilder;
import io.bitdelta.attestation.receipt.ComputeReceipt;
import io.bitdelta.attestation.typed.ComputeReceiptStruct;
import io.bitdelta.attestation.typed.DeltaStruct;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.provenance.PrivacyClaim;
import io.bitdelta.node.provenance.SignedEvaluation;
import io.bitdelta.node.provenance.TrainingRecord;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * The manifest of a publication, with the blocks that it names: of a trained delta the compute receipt with its metering
 * and citations, of an evaluated one the signed evaluation. The same inputs give the same bytes.
 */
final class ManifestMaker {
    private final ContentStore content;
    private final EvaluationGate gate;

    ManifestMaker(ContentStore content, EvaluationGate gate) {
        this.content = content;
        this.gate = gate;
    }

    /**
     * The roots of a file, bound to its owner.
     *
     * @param cid of the file
     */
    record Bound(Cid cid, Bytes32 fileHash, Bytes32 baseHash, Bytes32 contentRoot, Bytes32 deltaRoot) {}

    /**
     * Makes a manifest, and stores the blocks that it names.
     *
     * @param request one that {@link #require} lets pass
     * @throws IOException when the store cannot be written
     */
    Manifest make(PublishRequest request, DeltaFile file, Bound bound, LuxDid owner, PublicationStore.Inputs inputs)
            throws IOException {
        Optional<TrainingRecord> training = request.training();
        ManifestBuilder manifest = Manifest.builder()
                .base(request.baseName(), bound.baseHash())
                .compression(DeltaLabels.compression(file), DeltaLabels.scales(file), file.size())
                .delta(bound.cid().toString(), bound.contentRoot(), bound.deltaRoot(), bound.fileHash(), inputs.salt())
                .user(owner)
                .versioning(inputs.createdAt(), inputs.prev());
        Optional<PrivacyClaim> claim = training.flatMap(TrainingRecord::privacy);
        if (claim.isPresent()) {
            manifest.privacyClaim(
                    claim.get().deltaE18(),
                    claim.get().epsilonMilli(),
                    claim.get().parameters());
        } else {
            manifest.noPrivacyClaim();
        }
        manifest.section(
                "training",
                training.map(TrainingRecord::section)
                        .orElseGet(() -> new ObjectBuilder()
                                .put("method", request.trainingMethod())
                                .build()));
        training.flatMap(TrainingRecord::calibration)
                .ifPresent(note -> manifest.section("calibration", note.section()));
        if (request.evaluation().isPresent()) {
            SignedEvaluation evaluation = request.evaluation().get();
            Cid cid = content.addRaw(evaluation.bytes(), "evaluation of " + bound.deltaRoot(), Visibility.PUBLIC);
            ObjectBuilder section = new ObjectBuilder().put("cid", cid.toString());
            evaluation.safety().ifPresent(share -> section.put("safety", share));
            manifest.section("evaluation", section.build());
        }
        if (training.isPresent()) {
            manifest.section("receipt", receipt(training.get(), request.evaluation(), bound, owner));
        }
        return manifest.build();
    }

    /** What goes on the chain of a manifest. */
    static DeltaStruct struct(Manifest manifest) {
        boolean claimed = manifest.privacy().claimed();
        return new DeltaStruct(
                manifest.user().address(),
                manifest.base().weightsHash(),
                manifest.delta().deltaRoot(),
                manifest.digest(),
                manifest.receipt().map(Manifest.Receipt::hash).orElse(Bytes32.ZERO),
                manifest.privacy().epsilonMilli(),
                claimed ? DeltaStruct.PUBLIC | DeltaStruct.DP_CLAIMED : DeltaStruct.PUBLIC);
    }

    /**
     * Looks at a request's documents before anything is stored.
     *
     * @throws PublishRefusedException when they are of another delta, or do not pass
     */
    void require(PublishRequest request, Bytes32 fileHash, Bytes32 baseHash) {
        request.training().ifPresent(record -> {
            if (!record.fileHash().equals(fileHash) || !record.baseHash().equals(baseHash)) {
                throw new PublishRefusedException(
                        "the training record is of file %s over base %s, this is file %s over base %s: what a training guarantees holds for the file that it wrote"
                                .formatted(record.fileHash(), record.baseHash(), fileHash, baseHash));
            }
            record.privacy().ifPresent(claim -> {
                if (claim.deltaE18() > PrivacyClaim.CHAIN_DELTA_E18) {
                    throw new PublishRefusedException(
                            "a delta of %s is no claim for the chain, at most 0.00001 is".formatted(claim.deltaText()));
                }
            });
        });
        gate.require(request.evaluation(), fileHash, baseHash);
    }

    private JsonValue receipt(TrainingRecord record, Optional<SignedEvaluation> evaluation, Bound bound, LuxDid owner)
            throws IOException {
        JsonValue metering = metering(record, evaluation);
        JsonValue citations = new JsonValue.Items(List.of());
        BigInteger chain = BigInteger.valueOf(owner.chainId());
        ComputeReceipt receipt = new ComputeReceipt(new ComputeReceiptStruct(
                chain,
                chain,
                BigInteger.ZERO,
                bound.baseHash(),
                bound.deltaRoot(),
                bound.fileHash(),
                Bytes32.ZERO,
                Bytes32.ZERO,
                record.startedAt().getEpochSecond(),
                record.finishedAt().getEpochSecond(),
                Keccak256.of(CanonicalJson.write(metering)),
                Keccak256.of(CanonicalJson.write(citations)),
                owner.toString(),
                owner.toString()));
        Bytes32 root = bound.deltaRoot();
        return new ObjectBuilder()
                .put("cid", block(receipt.bytes(), "receipt of " + root))
                .put("citations", block(CanonicalJson.write(citations), "citations of " + root))
                .put("hash", receipt.hash())
                .put("metering", block(CanonicalJson.write(metering), "metering of " + root))
                .build();
    }

    private String block(byte[] bytes, String name) throws IOException {
        return content.addRaw(bytes, name, Visibility.PUBLIC).toString();
    }

    private static JsonValue metering(TrainingRecord record, Optional<SignedEvaluation> evaluation) {
        ObjectBuilder performance = new ObjectBuilder().put("compressionRatio", record.compressionRatio());
        evaluation.flatMap(SignedEvaluation::quality).ifPresent(share -> performance.put("qualityScore", share));
        evaluation.flatMap(SignedEvaluation::safety).ifPresent(share -> performance.put("safetyScore", share));
        ObjectBuilder resources =
                new ObjectBuilder().put("parameters", record.parameters()).put("steps", record.steps());
        record.tokens().ifPresent(count -> resources.put("tokens", count));
        ObjectBuilder metering = new ObjectBuilder()
                .put("functionCall", "model train")
                .put("performanceMetrics", performance.build())
                .put("resources", resources.build());
        record.privacy().ifPresent(claim -> metering.put("privacy", claim.json()));
        return metering.build();
    }
}
