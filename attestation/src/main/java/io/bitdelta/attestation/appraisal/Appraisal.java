package io.bitdelta.attestation.appraisal;

import io.bitdelta.attestation.json.JsonValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A result in the making. Checks report into it and go on, so that the result names every reason; the tier follows from
 * what was reported and can not be set. Not thread-safe.
 */
public final class Appraisal {
    private final Technology technology;
    private final boolean development;
    private final List<Finding> findings = new ArrayList<>();
    private final TreeMap<String, JsonValue> claims = new TreeMap<>();
    private String status = "-";
    private @Nullable Instant validUntil;

    /** An appraisal of hardware evidence. */
    public Appraisal(Technology technology) {
        this.technology = technology;
        this.development = technology == Technology.SOFTWARE || technology == Technology.UNKNOWN;
    }

    /** Reports a failed check; the same reason with the same detail counts once. */
    public void report(Reason reason, String detail) {
        Finding finding = new Finding(reason, detail);
        if (!findings.contains(finding)) {
            findings.add(finding);
        }
    }

    /** Reports unless a check holds. */
    public void require(boolean holds, Reason reason, String detail) {
        if (!holds) {
            report(reason, detail);
        }
    }

    /** As above; the detail is written only when the check fails. */
    public void require(boolean holds, Reason reason, Supplier<String> detail) {
        if (!holds) {
            report(reason, detail.get());
        }
    }

    /** Whether a reason was reported. */
    public boolean has(Reason reason) {
        return findings.stream().anyMatch(finding -> finding.reason() == reason);
    }

    /** Whether nothing was reported so far. */
    public boolean clean() {
        return findings.isEmpty();
    }

    /** Adds a claim. */
    public void claim(String name, JsonValue value) {
        claims.put(name, value);
    }

    /** Adds a text claim. */
    public void claim(String name, String value) {
        claims.put(name, JsonValue.text(value));
    }

    /** Sets the technology's status word. */
    public void status(String word) {
        status = word;
    }

    /** The status word so far. */
    public String status() {
        return status;
    }

    /** Bounds the result's validity; the earliest bound stands. */
    public void boundedBy(Instant end) {
        if (validUntil == null || end.isBefore(validUntil)) {
            validUntil = end;
        }
    }

    /** The result. */
    public AppraisalResult result() {
        return new AppraisalResult(
                technology, tier(), status, findings, claims, Optional.ofNullable(validUntil), development);
    }

    private Tier tier() {
        if (findings.isEmpty()) {
            return development ? Tier.WARNING : Tier.AFFIRMING;
        }
        return findings.stream().allMatch(finding -> finding.reason().onlyMissing()) ? Tier.NONE : Tier.CONTRAINDICATED;
    }
}
