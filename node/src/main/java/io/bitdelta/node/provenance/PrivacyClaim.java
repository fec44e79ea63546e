package io.bitdelta.node.provenance;

import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.engine.privacy.GaussianAccountant;
import io.bitdelta.engine.privacy.PrivacyParameterException;
import io.bitdelta.engine.privacy.PrivacyStatement;
import io.bitdelta.engine.privacy.SubsampledGaussian;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * What a private training guarantees (FORMATS section 5, {@code privacy}), counted again: no claim is made of a section
 * whose epsilon is below what the accountant counts for its own parameters. Decimals stay the texts that they were written
 * as, since the section is hashed.
 *
 * @param epsilonMilli epsilon x 1000 rounded up, at least 1
 * @param deltaE18 delta x 10^18
 * @param sampling Poisson sampling rate, a decimal
 * @param clipNorm norm to which each example's gradient was clipped, a decimal
 * @param noise noise multiplier, a decimal
 * @param steps of the training
 */
public record PrivacyClaim(
        int epsilonMilli, long deltaE18, String sampling, String clipNorm, String noise, long steps) {
    /** The largest delta that goes on a chain (FORMATS section 6), x 10^18. */
    public static final long CHAIN_DELTA_E18 = 10_000_000_000_000L;

    private static final Pattern DECIMAL = Pattern.compile("(0|[1-9][0-9]{0,9})(\\.[0-9]{0,39}[1-9])?");
    private static final int MAX_EPSILON_MILLI = (1 << 24) - 1;
    private static final long MAX_STEPS = 1_000_000_000L;
    private static final double LEAST_NOISE = 0.01;
    private static final double MOST_NOISE = 1e6;
    private static final double ROUNDING = 1e-9;

    /** Checks the ranges and counts. */
    public PrivacyClaim {
        if (epsilonMilli < 1 || epsilonMilli > MAX_EPSILON_MILLI) {
            throw new ProvenanceException("privacy.epsilonMilli: %d, a claim is 1 to %d thousandths"
                    .formatted(epsilonMilli, MAX_EPSILON_MILLI));
        }
        if (deltaE18 < 1 || deltaE18 > 1_000_000_000_000_000L) {
            throw new ProvenanceException(
                    "privacy.deltaE18: %d, a claim has a delta above 0 and at most a thousandth".formatted(deltaE18));
        }
        if (steps < 1 || steps > MAX_STEPS) {
            throw new ProvenanceException("privacy.steps: %d, must be 1 to %d".formatted(steps, MAX_STEPS));
        }
        double multiplier = number("noiseMultiplier", noise);
        if (multiplier < LEAST_NOISE || multiplier > MOST_NOISE) {
            throw new ProvenanceException("privacy.noiseMultiplier: %s, nothing outside %s to %s is a guarantee"
                    .formatted(noise, LEAST_NOISE, MOST_NOISE));
        }
        if (!(number("clipNorm", clipNorm) > 0)) {
            throw new ProvenanceException("privacy.clipNorm: " + clipNorm + ", must be above 0");
        }
        double counted = count(number("sampling", sampling), multiplier, steps, delta(deltaE18));
        double claimed = epsilonMilli / 1000.0;
        if (counted > claimed * (1 + ROUNDING)) {
            throw new ProvenanceException(
                    "privacy: an epsilon of %s is claimed, for sampling %s, noise %s and %d steps the accountant counts %.6f"
                            .formatted(claimed, sampling, noise, steps, counted));
        }
    }

    /** The claim of a training. */
    public static PrivacyClaim of(PrivacyStatement statement) {
        return of(JsonObject.of(
                "privacy", CanonicalJson.read(statement.json().getBytes(StandardCharsets.UTF_8), 1 << 12)));
    }

    /**
     * A section that was read: a manifest's {@code privacy}, or a training record's.
     *
     * @throws ProvenanceException when a member is missing, or the accountant counts more
     */
    public static PrivacyClaim of(JsonObject section) {
        try {
            String accountant = section.text("accountant");
            if (!accountant.equals(GaussianAccountant.NAME)) {
                throw new ProvenanceException("privacy.accountant: \"%s\" is not known here, only %s"
                        .formatted(accountant, GaussianAccountant.NAME));
            }
            return new PrivacyClaim(
                    (int) section.whole("epsilonMilli", 0, MAX_EPSILON_MILLI),
                    section.whole("deltaE18", 0, Long.MAX_VALUE),
                    section.text("sampling"),
                    section.text("clipNorm"),
                    section.text("noiseMultiplier"),
                    section.whole("steps", 0, Long.MAX_VALUE));
        } catch (JsonException malformed) {
            throw new ProvenanceException(String.valueOf(malformed.getMessage()), malformed);
        }
    }

    private static double number(String key, String text) {
        if (!DECIMAL.matcher(text).matches()) {
            throw new ProvenanceException("privacy.%s: \"%s\" is not a decimal".formatted(key, text));
        }
        return Double.parseDouble(text);
    }

    private static double delta(long deltaE18) {
        return BigDecimal.valueOf(deltaE18, 18).doubleValue();
    }

    private static double count(double rate, double noise, long steps, double delta) {
        try {
            return GaussianAccountant.spent(new SubsampledGaussian(rate, noise), steps, delta)
                    .epsilon();
        } catch (PrivacyParameterException refused) {
            throw new ProvenanceException("privacy: " + refused.getMessage(), refused);
        }
    }

    /** The members beside epsilon and delta. */
    public JsonValue parameters() {
        return new ObjectBuilder()
                .put("accountant", GaussianAccountant.NAME)
                .put("clipNorm", clipNorm)
                .put("noiseMultiplier", noise)
                .put("sampling", sampling)
                .put("steps", steps)
                .build();
    }

    /** The section without {@code paramsHash}. */
    public JsonValue json() {
        return new ObjectBuilder()
                .put("accountant", GaussianAccountant.NAME)
                .put("clipNorm", clipNorm)
                .put("deltaE18", deltaE18)
                .put("epsilonMilli", epsilonMilli)
                .put("noiseMultiplier", noise)
                .put("sampling", sampling)
                .put("steps", steps)
                .build();
    }

    /** Epsilon as a decimal. */
    public String epsilon() {
        return BigDecimal.valueOf(epsilonMilli, 3).stripTrailingZeros().toPlainString();
    }

    /** Delta as a decimal. */
    public String deltaText() {
        return String.valueOf(BigDecimal.valueOf(deltaE18, 18).stripTrailingZeros());
    }

    /** The claim in a line. */
    public String text() {
        return "epsilon %s, delta %s (Poisson sampling %s, clipping norm %s, noise %s, %d steps, %s)"
                .formatted(epsilon(), deltaText(), sampling, clipNorm, noise, steps, GaussianAccountant.NAME);
    }
}
