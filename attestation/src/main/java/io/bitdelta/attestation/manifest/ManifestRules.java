package io.bitdelta.attestation.manifest;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/** What the members of a manifest must look like. Members that are not named here are nobody's business. */
final class ManifestRules {
    private static final Pattern CID = Pattern.compile("b[a-z2-7]{10,200}");
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?(e[+-][1-9][0-9]*)?");
    private static final int MAX_TEXT = 256;

    private ManifestRules() {}

    static void check(JsonObject root) {
        if (!root.text("schema").equals(Manifest.SCHEMA)) {
            throw new JsonException("manifest.schema: \"" + root.text("schema") + "\" is not " + Manifest.SCHEMA);
        }
        required(root);
        optional(root);
    }

    private static void required(JsonObject root) {
        JsonObject base = root.object("base");
        text(base, "name");
        base.bytes32("weightsHash");
        JsonObject compression = root.object("bitdelta");
        text(compression, "compression");
        text(compression, "scales");
        compression.whole("size", 1, JsonValue.INTEGER_BOUND);
        JsonObject delta = root.object("delta");
        cid(delta, "cid");
        delta.bytes32("deltaRoot");
        delta.bytes32("fileHash");
        if (delta.has("salt")) {
            delta.bytes32("salt");
        }
        if (!root.bytes32("id").equals(delta.bytes32("contentRoot"))) {
            throw new JsonException("manifest.id: " + root.bytes32("id") + " is not the delta's contentRoot "
                    + delta.bytes32("contentRoot"));
        }
        privacy(root.object("privacy"));
        root.text("user");
        JsonObject versioning = root.object("versioning");
        versioning.bytes32("previous");
        instant(versioning, "createdAt");
    }

    private static void privacy(JsonObject privacy) {
        long deltaE18 = privacy.whole("deltaE18", 0, 1_000_000_000_000_000_000L);
        long epsilonMilli = privacy.whole("epsilonMilli", 0, (1 << 24) - 1);
        Bytes32 hash = privacy.bytes32("paramsHash");
        if (privacy.has("tier")) {
            privacy.whole("tier", 0, 3);
        }
        for (String key : List.of("sampling", "clipNorm", "noiseMultiplier")) {
            decimal(privacy, key);
        }
        if (privacy.has("accountant")) {
            text(privacy, "accountant");
        }
        if (hash.isZero()) {
            if (epsilonMilli != 0 || deltaE18 != 0) {
                throw new JsonException(privacy.at("paramsHash")
                        + ": zero (no privacy claim), but epsilonMilli or deltaE18 is not zero");
            }
        } else {
            Bytes32 computed = paramsHash(privacy);
            if (!hash.equals(computed)) {
                throw new JsonException(privacy.at("paramsHash") + ": " + hash + " is written, " + computed
                        + " is the hash of the parameters");
            }
        }
    }

    /** Keccak-256 of the section without {@code paramsHash}. */
    static Bytes32 paramsHash(JsonObject privacy) {
        return Keccak256.of(CanonicalJson.write(privacy.without("paramsHash")));
    }

    private static void optional(JsonObject root) {
        root.optionalObject("receipt").ifPresent(receipt -> {
            cid(receipt, "cid");
            receipt.bytes32("hash");
        });
        root.optionalObject("training").ifPresent(training -> {
            optionalText(training, "method");
            for (String key : List.of("samples", "tokens", "steps", "durationSeconds")) {
                count(training, key);
            }
            decimal(training, "loss");
            decimal(training, "learningRate");
        });
        root.optionalObject("calibration").ifPresent(calibration -> {
            optionalText(calibration, "objective");
            count(calibration, "steps");
            decimal(calibration, "lossBefore");
            decimal(calibration, "lossAfter");
        });
        root.optionalObject("evaluation").ifPresent(evaluation -> {
            if (evaluation.has("cid")) {
                cid(evaluation, "cid");
            }
            decimal(evaluation, "gain");
            decimal(evaluation, "safety");
        });
        if (root.has("domain")) {
            text(root, "domain");
        }
        root.optionalObject("persona").ifPresent(persona -> persona.bytes32("credentialHash"));
        root.optionalObject("soup").ifPresent(soup -> {
            soup.bytes32("membersRoot");
            soup.whole("rule", 0, 255);
            soup.whole("members", 1, (1L << 32) - 1);
            soup.whole("byzantine", 0, (1L << 32) - 1);
        });
    }

    private static void text(JsonObject object, String key) {
        String text = object.text(key);
        if (text.isBlank() || text.length() > MAX_TEXT) {
            throw new JsonException(object.at(key) + ": blank or longer than " + MAX_TEXT + " characters");
        }
    }

    private static void optionalText(JsonObject object, String key) {
        if (object.has(key)) {
            text(object, key);
        }
    }

    private static void count(JsonObject object, String key) {
        if (object.has(key)) {
            object.whole(key, 0, JsonValue.INTEGER_BOUND);
        }
    }

    private static void decimal(JsonObject object, String key) {
        if (object.has(key) && !DECIMAL.matcher(object.text(key)).matches()) {
            throw new JsonException(object.at(key) + ": not a decimal: \"" + object.text(key) + "\"");
        }
    }

    private static void cid(JsonObject object, String key) {
        if (!CID.matcher(object.text(key)).matches()) {
            throw new JsonException(object.at(key) + ": not a CIDv1 in base32: \"" + object.text(key) + "\"");
        }
    }

    private static void instant(JsonObject object, String key) {
        String text = object.text(key);
        try {
            if (!Instant.parse(text).toString().equals(text)) {
                throw new JsonException(object.at(key) + ": \"" + text + "\" is not written as " + Instant.parse(text)
                        + " (RFC 3339, UTC)");
            }
        } catch (DateTimeException e) {
            throw new JsonException(object.at(key) + ": not an RFC 3339 instant: \"" + text + "\"", e);
        }
    }
}
