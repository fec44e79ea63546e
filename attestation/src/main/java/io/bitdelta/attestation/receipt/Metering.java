package io.bitdelta.attestation.receipt;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a computation did and cost (LP-105, FORMATS section 6): a document of canonical JSON beside the receipt, which holds
 * its hash. Formats have no floats: measures are decimal texts.
 *
 * @param functionCall what was run, 1 to 256 printable ASCII characters, e.g. {@code compress}
 * @param performance how well it went
 * @param privacy what was spent of the contributor's privacy
 * @param resources what it took
 */
public record Metering(String functionCall, Performance performance, Privacy privacy, Resources resources) {
    private static final int MAX_BYTES = 16 << 10;
    private static final Pattern CALL = Pattern.compile("[\\x20-\\x7e]{1,256}");
    private static final Pattern DECIMAL = Pattern.compile("(0|[1-9][0-9]{0,14})(\\.[0-9]{0,17}[1-9])?");

    /** Refuses calls that are no printable ASCII. */
    public Metering {
        if (!CALL.matcher(functionCall).matches()) {
            throw new IllegalArgumentException("functionCall: 1 to 256 printable ASCII characters are needed");
        }
    }

    /**
     * Measures as decimal texts without trailing zeros; what was not measured is empty, never zero.
     *
     * @param compressionRatio bytes of the fine-tuned model to bytes of the delta
     * @param qualityScore of the suite that the manifest names, 0 to 1
     * @param safetyScore to the base model's, 1 is equal
     */
    public record Performance(
            Optional<String> compressionRatio, Optional<String> qualityScore, Optional<String> safetyScore) {
        /** Refuses other spellings. */
        public Performance {
            decimal("compressionRatio", compressionRatio);
            decimal("qualityScore", qualityScore);
            decimal("safetyScore", safetyScore);
        }

        private static void decimal(String name, Optional<String> value) {
            value.ifPresent(text -> {
                if (!DECIMAL.matcher(text).matches()) {
                    throw new IllegalArgumentException(
                            name + ": not a plain decimal without trailing zeros: \"" + text + "\"");
                }
            });
        }
    }

    /**
     * The privacy claim, as in a manifest.
     *
     * @param deltaE18 the delta of (epsilon, delta) x 10^18
     * @param epsilonMilli epsilon x 1000 rounded up; 0 without a claim
     * @param paramsHash hash of the claim's parameters, zero without a claim
     */
    public record Privacy(long deltaE18, int epsilonMilli, Bytes32 paramsHash) {
        /** Without a claim. */
        public static final Privacy NONE = new Privacy(0, 0, Bytes32.ZERO);

        private static final long MAX_DELTA = 10_000_000_000_000L;
        private static final int MAX_EPSILON = (1 << 24) - 1;

        /** Refuses values that no manifest may claim. */
        public Privacy {
            if (deltaE18 < 0 || deltaE18 > MAX_DELTA || epsilonMilli < 0 || epsilonMilli > MAX_EPSILON) {
                throw new IllegalArgumentException("privacy: deltaE18 " + deltaE18 + " is outside [0, " + MAX_DELTA
                        + "] or epsilonMilli " + epsilonMilli + " outside [0, " + MAX_EPSILON + "]");
            }
            if (paramsHash.isZero() ? epsilonMilli != 0 || deltaE18 != 0 : epsilonMilli == 0) {
                throw new IllegalArgumentException(
                        "privacy: epsilon and parameters come together or not at all: epsilonMilli " + epsilonMilli
                                + ", deltaE18 " + deltaE18 + ", paramsHash " + paramsHash);
            }
        }
    }

    /**
     * What it took.
     *
     * @param cpuMillis processor time in milliseconds
     * @param elapsedMillis time on the wall in milliseconds
     * @param gpuMillis time of accelerators in milliseconds
     * @param peakBytes the most memory at once
     */
    public record Resources(long cpuMillis, long elapsedMillis, long gpuMillis, long peakBytes) {
        /** Refuses negative numbers and those that JSON cannot carry. */
        public Resources {
            for (long value : new long[] {cpuMillis, elapsedMillis, gpuMillis, peakBytes}) {
                if (value < 0 || value >= JsonValue.INTEGER_BOUND) {
                    throw new IllegalArgumentException("resources: " + value + " is outside [0, 2^53)");
                }
            }
        }
    }

    /** The canonical bytes. */
    public byte[] bytes() {
        return CanonicalJson.write(json());
    }

    /** What a receipt's {@code meteringHash} holds. */
    public Bytes32 hash() {
        return ComputeReceipt.documentHash(json());
    }

    private JsonValue json() {
        ObjectBuilder measures = new ObjectBuilder();
        performance.compressionRatio().ifPresent(text -> measures.put("compressionRatio", text));
        performance.qualityScore().ifPresent(text -> measures.put("qualityScore", text));
        performance.safetyScore().ifPresent(text -> measures.put("safetyScore", text));
        return new ObjectBuilder()
                .put("functionCall", functionCall)
                .put("performanceMetrics", measures.build())
                .put(
                        "privacy",
                        new ObjectBuilder()
                                .put("deltaE18", privacy.deltaE18())
                                .put("epsilonMilli", privacy.epsilonMilli())
                                .put("paramsHash", privacy.paramsHash())
                                .build())
                .put(
                        "resources",
                        new ObjectBuilder()
                                .put("cpuMillis", resources.cpuMillis())
                                .put("elapsedMillis", resources.elapsedMillis())
                                .put("gpuMillis", resources.gpuMillis())
                                .put("peakBytes", resources.peakBytes())
                                .build())
                .build();
    }

    /**
     * Reads {@link #bytes}.
     *
     * @throws JsonException for anything else than the canonical form of valid metering
     */
    public static Metering parse(byte[] bytes) {
        JsonObject root = JsonObject.of("metering", CanonicalJson.read(bytes, MAX_BYTES));
        JsonObject measures = root.object("performanceMetrics");
        JsonObject privacy = root.object("privacy");
        JsonObject resources = root.object("resources");
        try {
            Metering read = new Metering(
                    root.text("functionCall"),
                    new Performance(
                            measures.optionalText("compressionRatio"),
                            measures.optionalText("qualityScore"),
                            measures.optionalText("safetyScore")),
                    new Privacy(
                            privacy.whole("deltaE18", 0, Privacy.MAX_DELTA),
                            (int) privacy.whole("epsilonMilli", 0, Privacy.MAX_EPSILON),
                            privacy.bytes32("paramsHash")),
                    new Resources(
                            resources.whole("cpuMillis", 0, JsonValue.INTEGER_BOUND - 1),
                            resources.whole("elapsedMillis", 0, JsonValue.INTEGER_BOUND - 1),
                            resources.whole("gpuMillis", 0, JsonValue.INTEGER_BOUND - 1),
                            resources.whole("peakBytes", 0, JsonValue.INTEGER_BOUND - 1)));
            // A member that is not known would be hashed by its writer and lost by its reader.
            if (!Arrays.equals(read.bytes(), bytes)) {
                throw new JsonException("metering: it has members that the format does not have");
            }
            return read;
        } catch (IllegalArgumentException e) {
            throw new JsonException("metering: " + e.getMessage(), e);
        }
    }
}
