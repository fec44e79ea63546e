package io.bitdelta.attestation.appraisal;

import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.YamlText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads policies from JSON or YAML. Every member is optional and falls back to the strict policy; an unknown one is refused, for a
 * misspelt rule must not be a missing rule.
 */
public final class PolicyDocument {
    private static final int MAX_BYTES = 1 << 20;
    private static final Set<String> MEMBERS = Set.of(
            "allowedStatuses",
            "refusedAdvisories",
            "minimumTcbEvaluation",
            "allowDebug",
            "requireSeptVeDisable",
            "allowServiceTd",
            "measurements",
            "snp",
            "maxAgeSeconds",
            "required",
            "development");
    private static final Set<String> SNP_MEMBERS =
            Set.of("vmpls", "allowVlek", "allowMigration", "requireCrl", "minimumTcb");

    private PolicyDocument() {}

    /**
     * Parses.
     *
     * @param document JSON when it begins with a brace, YAML otherwise
     * @throws JsonException when malformed, with unknown members, or with values that no policy may have
     */
    public static AppraisalPolicy parse(byte[] document) {
        boolean braces =
                new String(document, StandardCharsets.UTF_8).stripLeading().startsWith("{");
        JsonValue value = braces ? CanonicalJson.readAny(document, MAX_BYTES) : YamlText.read(document, MAX_BYTES);
        JsonObject root = JsonObject.of("policy", value);
        known(root, MEMBERS);
        AppraisalPolicy strict = AppraisalPolicy.strict();
        try {
            return new AppraisalPolicy(
                    texts(root, "allowedStatuses", strict.allowedStatuses()),
                    texts(root, "refusedAdvisories", strict.refusedAdvisories()),
                    root.has("minimumTcbEvaluation") ? root.whole("minimumTcbEvaluation", 0, Integer.MAX_VALUE) : 0,
                    bool(root, "allowDebug", strict.allowDebug()),
                    bool(root, "requireSeptVeDisable", strict.requireSeptVeDisable()),
                    bool(root, "allowServiceTd", strict.allowServiceTd()),
                    measurements(root),
                    root.has("snp") ? snp(root.object("snp")) : strict.snp(),
                    root.has("maxAgeSeconds")
                            ? Optional.of(Duration.ofSeconds(root.whole("maxAgeSeconds", 1, Integer.MAX_VALUE)))
                            : Optional.empty(),
                    technologies(root),
                    root.has("development") ? development(root.object("development")) : strict.development());
        } catch (IllegalArgumentException e) {
            throw new JsonException("policy: " + e.getMessage(), e);
        }
    }

    private static void known(JsonObject object, Set<String> members) {
        for (String key : object.keys()) {
            if (!members.contains(key)) {
                throw new JsonException(object.at(key) + ": unknown rule; known: "
                        + members.stream().sorted().toList());
            }
        }
    }

    private static Set<String> texts(JsonObject object, String key, Set<String> otherwise) {
        return object.has(key) ? new HashSet<>(object.texts(key)) : otherwise;
    }

    private static boolean bool(JsonObject object, String key, boolean otherwise) {
        return object.has(key) ? object.bool(key) : otherwise;
    }

    private static Map<String, Set<String>> measurements(JsonObject root) {
        Map<String, Set<String>> out = new HashMap<>();
        root.optionalObject("measurements")
                .ifPresent(values -> values.keys().forEach(name -> out.put(name, new HashSet<>(values.texts(name)))));
        return out;
    }

    private static SnpRule snp(JsonObject object) {
        known(object, SNP_MEMBERS);
        Map<String, Integer> minimum = new HashMap<>();
        object.optionalObject("minimumTcb")
                .ifPresent(tcb -> tcb.keys().forEach(name -> minimum.put(name, (int) tcb.whole(name, 0, 255))));
        Set<Integer> vmpls = new HashSet<>();
        if (object.has("vmpls")) {
            integers(object, "vmpls", 3).forEach(level -> vmpls.add(level.intValue()));
        }
        return new SnpRule(
                object.has("vmpls") ? vmpls : SnpRule.STRICT.vmpls(),
                bool(object, "allowVlek", false),
                bool(object, "allowMigration", false),
                bool(object, "requireCrl", false),
                minimum);
    }

    private static DevelopmentRule development(JsonObject object) {
        known(object, Set.of("chainId", "testChains"));
        return new DevelopmentRule(
                true,
                object.whole("chainId", 1, Long.MAX_VALUE),
                object.has("testChains")
                        ? new HashSet<>(integers(object, "testChains", Long.MAX_VALUE))
                        : DevelopmentRule.DEFAULT_TEST_CHAINS);
    }

    private static List<Long> integers(JsonObject object, String key, long max) {
        return object.items(key).stream()
                .map(item -> {
                    if (item instanceof JsonValue.Whole w && w.value() >= 0 && w.value() <= max) {
                        return w.value();
                    }
                    throw new JsonException(object.at(key) + ": an array of integers of [0, " + max + "] is needed");
                })
                .toList();
    }

    private static Set<Technology> technologies(JsonObject root) {
        Set<Technology> out = new HashSet<>();
        for (String word : texts(root, "required", Set.of())) {
            Technology found = null;
            for (Technology technology : Technology.values()) {
                if (technology.word().equals(word)) {
                    found = technology;
                }
            }
            if (found == null) {
                throw new JsonException(root.at("required") + ": unknown technology \"" + word + "\"");
            }
            out.add(found);
        }
        return out;
    }
}
