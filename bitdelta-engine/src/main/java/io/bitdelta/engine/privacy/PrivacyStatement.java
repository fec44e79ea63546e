package io.bitdelta.engine.privacy;

import io.bitdelta.engine.tensor.CanonicalJson;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a private training run guarantees and how: the claim of a manifest's {@code privacy} section (FORMATS section 5).
 *
 * @param epsilon the bound, above 0; rounded up to thousandths where it is written
 * @param delta the failure probability, above 0, at most a thousandth
 * @param rate the Poisson sampling rate
 * @param steps the steps taken
 * @param clipNorm the norm to which each example's gradient was clipped
 * @param noise the noise multiplier
 */
public record PrivacyStatement(double epsilon, double delta, double rate, long steps, double clipNorm, double noise) {
    private static final int DELTA_DIGITS = 18;
    private static final double MAX_DELTA = 1e-3;
    private static final long MAX_EPSILON_MILLI = (1 << 24) - 1;

    /** Checks the ranges and that the accountant vouches for the claim. */
    public PrivacyStatement {
        if (!(clipNorm > 0) || Double.isInfinite(clipNorm)) {
            throw new PrivacyParameterException("the clipping norm must be a number above 0, not " + clipNorm);
        }
        if (!(delta > 0 && delta <= MAX_DELTA)) {
            throw new PrivacyParameterException(
                    "a statement's delta is above 0 and at most " + MAX_DELTA + ", not " + delta);
        }
        double counted = GaussianAccountant.spent(new SubsampledGaussian(rate, noise), steps, delta)
                .epsilon();
        if (!(epsilon > 0) || counted > epsilon * (1 + 1e-9)) {
            throw new PrivacyParameterException(
                    "an epsilon of %s is claimed, the accountant counts %s".formatted(epsilon, counted));
        }
        if (milli(epsilon) > MAX_EPSILON_MILLI) {
            throw new PrivacyParameterException("an epsilon of " + epsilon + " is no guarantee worth a statement");
        }
    }

    /** The statement of a run, with the accountant's epsilon. */
    public static PrivacyStatement of(SubsampledGaussian step, long steps, double delta, double clipNorm) {
        return new PrivacyStatement(
                GaussianAccountant.spent(step, steps, delta).epsilon(),
                delta,
                step.rate(),
                steps,
                clipNorm,
                step.noise());
    }

    /** Epsilon in thousandths, rounded up: the number that goes on chain. */
    public int epsilonMilli() {
        return Math.toIntExact(milli(epsilon));
    }

    static long milli(double epsilon) {
        return new BigDecimal(epsilon)
                .movePointRight(3)
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }

    /** Delta times 1e18, rounded up. */
    public long deltaE18() {
        return BigDecimal.valueOf(delta)
                .movePointRight(DELTA_DIGITS)
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }

    /** The members of the manifest's section, without {@code paramsHash}; decimals are texts. */
    public Map<String, Object> members() {
        Map<String, Object> members = new TreeMap<>();
        members.put("accountant", GaussianAccountant.NAME);
        members.put("clipNorm", decimal(clipNorm));
        members.put("deltaE18", deltaE18());
        members.put("epsilonMilli", (long) epsilonMilli());
        members.put("noiseMultiplier", decimal(noise));
        members.put("sampling", decimal(rate));
        members.put("steps", steps);
        return members;
    }

    /** The canonical text (RFC 8785) of {@link #members()}: its Keccak hash is the manifest's {@code paramsHash}. */
    public String json() {
        return CanonicalJson.of(members());
    }

    private static String decimal(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
