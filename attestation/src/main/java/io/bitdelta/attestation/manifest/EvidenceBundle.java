package io.bitdelta.attestation.manifest;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.attestation.typed.Eip712Domain;
import io.bitdelta.attestation.typed.PublishMessage;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * What a stranger needs to judge a publication beside its manifest (FORMATS section 1): one raw block of canonical JSON
 * with the evidence, its endorsements, the result at publication, the statement's fields and the owner's signature.
 * Immutable.
 */
public final class EvidenceBundle {
    /** The largest bundle in bytes: a raw block that every peer takes. */
    public static final int MAX_BYTES = 1 << 20;

    /** The value of {@code schema}. */
    public static final String SCHEMA = "bitdelta/evidence/1";

    private static final String REGISTRY_NAME = "BitDeltaRegistry";

    private final byte[] evidence;
    private final Endorsements endorsements;
    private final AppraisalResult appraisal;
    private final Statement statement;
    private final PublishMessage publish;
    private final EvmSignature signature;

    /**
     * Collects a bundle.
     *
     * @param evidence raw bytes
     * @param endorsements what the verifier used
     * @param appraisal the result at publication; whoever reads it appraises again
     * @param statement what the evidence binds
     * @param publish what the owner signed
     * @param signature the owner's
     * @throws ManifestException when statement and message are about different deltas
     */
    public EvidenceBundle(
            byte[] evidence,
            Endorsements endorsements,
            AppraisalResult appraisal,
            Statement statement,
            PublishMessage publish,
            EvmSignature signature) {
        if (!statement.deltaId().equals(publish.deltaId())) {
            throw new ManifestException("the statement is about delta " + statement.deltaId()
                    + ", the signed message about " + publish.deltaId());
        }
        this.evidence = evidence.clone();
        this.endorsements = endorsements;
        this.appraisal = appraisal;
        this.statement = statement;
        this.publish = publish;
        this.signature = signature;
    }

    /**
     * Reads a block.
     *
     * @throws ManifestException when it is too large, not canonical, or lacks a member or has another one
     */
    public static EvidenceBundle parse(byte[] bytes) {
        try {
            JsonObject root = JsonObject.of("bundle", CanonicalJson.read(bytes, MAX_BYTES));
            if (!root.text("schema").equals(SCHEMA)) {
                throw new JsonException("bundle.schema: \"" + root.text("schema") + "\" is not " + SCHEMA);
            }
            JsonObject s = root.object("statement");
            JsonObject p = root.object("publish");
            EvidenceBundle bundle = new EvidenceBundle(
                    root.base64("evidence"),
                    Endorsements.of(root.base64List("endorsements")),
                    AppraisalResult.of(root.object("appraisal")),
                    new Statement(
                            s.whole("chainId", 1, JsonValue.INTEGER_BOUND),
                            EvmAddress.of(s.hex("registry", EvmAddress.LENGTH)),
                            s.bytes32("deltaId"),
                            s.bytes32("nonce"),
                            s.bytes32("dpParamsHash"),
                            s.bytes32("sessionKeyHash"),
                            s.bytes32("gpuEvidenceHash"),
                            s.whole("expiry", 0, JsonValue.INTEGER_BOUND)),
                    new PublishMessage(
                            p.bytes32("deltaId"), p.bytes32("prev"), p.whole("deadline", 0, JsonValue.INTEGER_BOUND)),
                    EvmSignature.parse(p.hex("signature", EvmSignature.LENGTH)));
            // Otherwise two blocks with two digests would be one bundle.
            if (!Arrays.equals(bundle.bytes(), bytes)) {
                throw new JsonException("bundle: it has members or spellings that " + SCHEMA + " does not have");
            }
            return bundle;
        } catch (JsonException | IllegalArgumentException | SignatureException e) {
            throw new ManifestException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The canonical bytes. */
    public byte[] bytes() {
        List<String> documents = endorsements.documents().stream()
                .map(Base64.getEncoder()::encodeToString)
                .toList();
        byte[] out = CanonicalJson.write(new ObjectBuilder()
                .put("appraisal", appraisal.json())
                .put("endorsements", JsonValue.texts(documents))
                .base64("evidence", evidence)
                .put(
                        "publish",
                        new ObjectBuilder()
                                .put("deadline", publish.deadline())
                                .put("deltaId", publish.deltaId())
                                .put("prev", publish.prev())
                                .put("signature", HexText.of(signature.bytes()))
                                .build())
                .put("schema", SCHEMA)
                .put(
                        "statement",
                        new ObjectBuilder()
                                .put("chainId", statement.chainId())
                                .put("deltaId", statement.deltaId())
                                .put("dpParamsHash", statement.dpParamsHash())
                                .put("expiry", statement.expiry())
                                .put("gpuEvidenceHash", statement.gpuEvidenceHash())
                                .put("nonce", statement.nonce())
                                .put("registry", statement.registry().hex())
                                .put("sessionKeyHash", statement.sessionKeyHash())
                                .build())
                .build());
        if (out.length > MAX_BYTES) {
            throw new ManifestException(
                    "evidence bundle of " + out.length + " bytes is over the limit of " + MAX_BYTES);
        }
        return out;
    }

    /** SHA-256 of {@link #bytes}, the event's {@code evidenceDigest}. */
    public Bytes32 digest() {
        return Manifest.sha256(bytes());
    }

    /** The account that signed {@code Publish} for the statement's registry. */
    public EvmAddress signer() {
        return signature.recover(
                publish.digest(new Eip712Domain(REGISTRY_NAME, statement.chainId(), statement.registry())));
    }

    /** Whether the owner signed: the signature recovers to the DID's address on the DID's chain. */
    public boolean signedBy(LuxDid owner) {
        try {
            return owner.chainId() == statement.chainId() && signer().equals(owner.address());
        } catch (SignatureException e) {
            return false;
        }
    }

    /** Appraises the evidence again, bound to the statement. */
    public AppraisalResult appraise(Appraiser appraiser, AppraisalPolicy policy, Instant at) {
        return appraiser.appraise(evidence, endorsements, policy, at, Expectation.of(statement));
    }

    /** The raw evidence. */
    public byte[] evidence() {
        return evidence.clone();
    }

    /** What the verifier used. */
    public Endorsements endorsements() {
        return endorsements;
    }

    /** The result at publication, as its publisher saw it. */
    public AppraisalResult appraisal() {
        return appraisal;
    }

    /** What the evidence binds. */
    public Statement statement() {
        return statement;
    }

    /** What the owner signed. */
    public PublishMessage publish() {
        return publish;
    }

    /** The owner's signature. */
    public EvmSignature signature() {
        return signature;
    }
}
