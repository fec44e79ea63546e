package io.bitdelta.attestation.manifest;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * The manifest of a delta (FORMATS section 5): one raw block of canonical JSON. Unknown members are kept and covered by
 * the digest. Immutable.
 */
public final class Manifest {
    /** The largest manifest in bytes. */
    public static final int MAX_BYTES = 256 << 10;

    /** The value of {@code schema}. */
    public static final String SCHEMA = "bitdelta/manifest/1";

    private final byte[] bytes;
    private final JsonObject root;
    private final Base base;
    private final Compression compression;
    private final Delta delta;
    private final Privacy privacy;
    private final LuxDid user;
    private final Versioning versioning;
    private final Optional<Receipt> receipt;

    /**
     * The base model.
     *
     * @param name for people
     * @param weightsHash its identity
     */
    public record Base(String name, Bytes32 weightsHash) {}

    /**
     * How the delta was made.
     *
     * @param compression e.g. {@code 1bit}
     * @param scales granularity, e.g. {@code row}
     * @param size length of the delta file in bytes
     */
    public record Compression(String compression, String scales, long size) {}

    /**
     * The delta file.
     *
     * @param cid of the file, CIDv1 base32
     * @param contentRoot owner-free commitment
     * @param deltaRoot owner-bound commitment
     * @param fileHash SHA-256 of the file
     * @param salt of the commitment; empty when it is kept elsewhere
     */
    public record Delta(String cid, Bytes32 contentRoot, Bytes32 deltaRoot, Bytes32 fileHash, Optional<Bytes32> salt) {}

    /**
     * The privacy claim.
     *
     * @param deltaE18 the delta of (epsilon, delta) x 10^18
     * @param epsilonMilli epsilon x 1000 rounded up; 0 without a claim
     * @param paramsHash hash of the claim's parameters, zero without a claim
     */
    public record Privacy(long deltaE18, int epsilonMilli, Bytes32 paramsHash) {
        /** Whether differential privacy is claimed. */
        public boolean claimed() {
            return !paramsHash.isZero();
        }
    }

    /**
     * The place in the owner's history.
     *
     * @param createdAt as given by the writer
     * @param previous delta id of the predecessor, or zero
     */
    public record Versioning(Instant createdAt, Bytes32 previous) {}

    /**
     * The compute receipt.
     *
     * @param cid of its block
     * @param hash its struct hash
     */
    public record Receipt(String cid, Bytes32 hash) {}

    private Manifest(byte[] bytes, JsonObject root) {
        this.bytes = bytes;
        this.root = root;
        JsonObject baseSection = root.object("base");
        base = new Base(baseSection.text("name"), baseSection.bytes32("weightsHash"));
        JsonObject compressionSection = root.object("bitdelta");
        compression = new Compression(
                compressionSection.text("compression"),
                compressionSection.text("scales"),
                compressionSection.whole("size", 1, Long.MAX_VALUE));
        JsonObject deltaSection = root.object("delta");
        delta = new Delta(
                deltaSection.text("cid"),
                deltaSection.bytes32("contentRoot"),
                deltaSection.bytes32("deltaRoot"),
                deltaSection.bytes32("fileHash"),
                deltaSection.has("salt") ? Optional.of(deltaSection.bytes32("salt")) : Optional.empty());
        JsonObject privacySection = root.object("privacy");
        privacy = new Privacy(
                privacySection.whole("deltaE18", 0, 1_000_000_000_000_000L),
                (int) privacySection.whole("epsilonMilli", 0, (1 << 24) - 1),
                privacySection.bytes32("paramsHash"));
        user = LuxDid.parse(root.text("user"));
        JsonObject versioningSection = root.object("versioning");
        versioning = new Versioning(
                Instant.parse(versioningSection.text("createdAt")), versioningSection.bytes32("previous"));
        receipt = root.optionalObject("receipt").map(r -> new Receipt(r.text("cid"), r.bytes32("hash")));
    }

    /** Starts a manifest. */
    public static ManifestBuilder builder() {
        return new ManifestBuilder();
    }

    /**
     * Reads a block and validates every known member.
     *
     * @throws ManifestException naming the first member that breaks the format
     */
    public static Manifest parse(byte[] bytes) {
        try {
            JsonObject root = JsonObject.of("manifest", CanonicalJson.read(bytes, MAX_BYTES));
            ManifestRules.check(root);
            return new Manifest(bytes.clone(), root);
        } catch (JsonException | IllegalArgumentException e) {
            throw new ManifestException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The canonical bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** SHA-256 of {@link #bytes}, which the owner signs and the CID carries. */
    public Bytes32 digest() {
        return sha256(bytes);
    }

    /** The owner-free identity of the delta, equal to {@code delta.contentRoot}. */
    public Bytes32 id() {
        return delta.contentRoot();
    }

    /** The base model. */
    public Base base() {
        return base;
    }

    /** The section {@code bitdelta}. */
    public Compression compression() {
        return compression;
    }

    /** The delta file. */
    public Delta delta() {
        return delta;
    }

    /** The privacy claim. */
    public Privacy privacy() {
        return privacy;
    }

    /** The owner. */
    public LuxDid user() {
        return user;
    }

    /** The place in the owner's history. */
    public Versioning versioning() {
        return versioning;
    }

    /** The compute receipt, if any. */
    public Optional<Receipt> receipt() {
        return receipt;
    }

    /** Any section as stored: {@code training}, {@code calibration}, {@code evaluation}, {@code soup}, … */
    public Optional<JsonObject> section(String name) {
        return root.optionalObject(name);
    }

    static Bytes32 sha256(byte[] bytes) {
        try {
            return Bytes32.of(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Manifest that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
