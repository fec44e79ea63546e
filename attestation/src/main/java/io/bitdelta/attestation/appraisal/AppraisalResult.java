package io.bitdelta.attestation.appraisal;

import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a verifier concluded about one piece of evidence, in the words of RFC 9334.
 *
 * @param technology the kind of evidence
 * @param tier the conclusion
 * @param status the technology's own status word (e.g. {@code UpToDate}), {@code -} when it was not reached
 * @param findings every failed check
 * @param claims what the evidence says, for people and policies
 * @param validUntil when the collateral behind this result ends; empty when nothing bounds it
 * @param development whether the evidence proves nothing about hardware
 */
public record AppraisalResult(
        Technology technology,
        Tier tier,
        String status,
        List<Finding> findings,
        SortedMap<String, JsonValue> claims,
        Optional<Instant> validUntil,
        boolean development) {
    /** Copies. */
    public AppraisalResult {
        findings = List.copyOf(findings);
        claims = Collections.unmodifiableSortedMap(new TreeMap<>(claims));
        if (tier == Tier.AFFIRMING && (development || !findings.isEmpty())) {
            throw new IllegalArgumentException("an affirming result of development evidence or with findings");
        }
    }

    /** The distinct reasons, in the order of the vocabulary. */
    public Set<Reason> reasons() {
        TreeSet<Reason> reasons = new TreeSet<>();
        findings.forEach(finding -> reasons.add(finding.reason()));
        return Collections.unmodifiableSet(reasons);
    }

    /** A text claim, if the evidence has it. */
    public Optional<String> claim(String name) {
        return claims.get(name) instanceof JsonValue.Text text ? Optional.of(text.value()) : Optional.empty();
    }

    /** Whether everything the policy asks for holds. */
    public boolean affirming() {
        return tier == Tier.AFFIRMING;
    }

    /** Whether a gate may let it pass: affirming, or development evidence that the policy admits. */
    public boolean admitted() {
        return affirming() || (development && tier == Tier.WARNING);
    }

    /** The canonical JSON form. */
    public JsonValue json() {
        ObjectBuilder out = new ObjectBuilder()
                .put("claims", new JsonValue.Members(claims))
                .put("development", development)
                .put(
                        "findings",
                        new JsonValue.Items(findings.stream()
                                .map(f -> new ObjectBuilder()
                                        .put("detail", f.detail())
                                        .put("reason", f.reason().name())
                                        .build())
                                .toList()))
                .put("status", status)
                .put("technology", technology.word())
                .put("tier", tier.word());
        validUntil.ifPresent(t -> out.put("validUntil", t.toString()));
        return out.build();
    }

    /**
     * Reads {@link #json}.
     *
     * @throws JsonException when a member is missing, unknown words are used, or findings stand beside an affirming tier
     */
    public static AppraisalResult of(JsonObject object) {
        JsonObject claims = object.object("claims");
        TreeMap<String, JsonValue> copy = new TreeMap<>();
        claims.keys().forEach(key -> copy.put(key, claims.required(key)));
        try {
            return new AppraisalResult(
                    Words.read(Technology.class, object, "technology", Technology::word),
                    Words.read(Tier.class, object, "tier", Tier::word),
                    object.text("status"),
                    object.objects("findings").stream()
                            .map(f ->
                                    new Finding(Words.read(Reason.class, f, "reason", Reason::name), f.text("detail")))
                            .toList(),
                    copy,
                    object.optionalText("validUntil").map(text -> Words.instant(object, "validUntil", text)),
                    object.bool("development"));
        } catch (IllegalArgumentException e) {
            throw new JsonException(object.at("tier") + ": " + e.getMessage(), e);
        }
    }
}
