package io.bitdelta.attestation.manifest;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Collects a manifest's sections; {@link #build} validates them all. */
public final class ManifestBuilder {
    private final ObjectBuilder root = new ObjectBuilder().put("schema", Manifest.SCHEMA);

    ManifestBuilder() {}

    /** The base model. */
    public ManifestBuilder base(String name, Bytes32 weightsHash) {
        root.put(
                "base",
                new ObjectBuilder()
                        .put("name", name)
                        .put("weightsHash", weightsHash)
                        .build());
        return this;
    }

    /**
     * How the delta was made.
     *
     * @param compression e.g. {@code 1bit}
     * @param scales granularity, e.g. {@code row}
     * @param size length of the delta file in bytes
     */
    public ManifestBuilder compression(String compression, String scales, long size) {
        root.put(
                "bitdelta",
                new ObjectBuilder()
                        .put("compression", compression)
                        .put("scales", scales)
                        .put("size", size)
                        .build());
        return this;
    }

    /**
     * The delta file; sets {@code id} too.
     *
     * @param salt of the commitment, or null when it is kept elsewhere
     */
    public ManifestBuilder delta(
            String cid, Bytes32 contentRoot, Bytes32 deltaRoot, Bytes32 fileHash, @Nullable Bytes32 salt) {
        ObjectBuilder delta = new ObjectBuilder()
                .put("cid", cid)
                .put("contentRoot", contentRoot)
                .put("deltaRoot", deltaRoot)
                .put("fileHash", fileHash);
        if (salt != null) {
            delta.put("salt", salt);
        }
        root.put("delta", delta.build());
        root.put("id", contentRoot);
        return this;
    }

    /** No privacy claim. */
    public ManifestBuilder noPrivacyClaim() {
        root.put(
                "privacy",
                new ObjectBuilder()
                        .put("deltaE18", 0)
                        .put("epsilonMilli", 0)
                        .put("paramsHash", Bytes32.ZERO)
                        .build());
        return this;
    }

    /**
     * A privacy claim; its {@code paramsHash} is computed.
     *
     * @param deltaE18 the delta of (epsilon, delta) x 10^18
     * @param epsilonMilli epsilon x 1000 rounded up
     * @param parameters further members ({@code sampling}, {@code clipNorm}, {@code noiseMultiplier},
     *     {@code accountant}, {@code tier})
     */
    public ManifestBuilder privacyClaim(long deltaE18, int epsilonMilli, JsonValue parameters) {
        ObjectBuilder section = new ObjectBuilder().put("deltaE18", deltaE18).put("epsilonMilli", epsilonMilli);
        JsonObject further = JsonObject.of("privacy", parameters);
        further.keys().forEach(key -> section.put(key, further.required(key)));
        Bytes32 hash = ManifestRules.paramsHash(JsonObject.of("privacy", section.build()));
        root.put("privacy", section.put("paramsHash", hash).build());
        return this;
    }

    /** The owner. */
    public ManifestBuilder user(LuxDid did) {
        root.put("user", did.toString());
        return this;
    }

    /**
     * The place in the owner's history.
     *
     * @param createdAt an input of the writer, never a clock read here
     * @param previous delta id of the predecessor, or zero
     */
    public ManifestBuilder versioning(Instant createdAt, Bytes32 previous) {
        root.put(
                "versioning",
                new ObjectBuilder()
                        .put("createdAt", createdAt.toString())
                        .put("previous", previous)
                        .build());
        return this;
    }

    /** The compute receipt. */
    public ManifestBuilder receipt(String cid, Bytes32 hash) {
        root.put(
                "receipt", new ObjectBuilder().put("cid", cid).put("hash", hash).build());
        return this;
    }

    /** What the delta is about, e.g. {@code general}. */
    public ManifestBuilder domain(String domain) {
        root.put("domain", domain);
        return this;
    }

    /** Another section of the format ({@code training}, {@code soup}, …) or of the writer's own. */
    public ManifestBuilder section(String name, JsonValue value) {
        root.put(name, value);
        return this;
    }

    /**
     * The manifest.
     *
     * @throws ManifestException when a required section is missing or a value breaks the format
     */
    public Manifest build() {
        try {
            return Manifest.parse(CanonicalJson.write(root.build()));
        } catch (JsonException e) {
            throw new ManifestException(String.valueOf(e.getMessage()), e);
        }
    }
}
