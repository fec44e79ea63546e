package io.bitdelta.engine.privacy;

import java.util.ArrayList;
import java.util.List;

/**
 * Counts what {@code steps} steps of the subsampled Gaussian mechanism cost: Renyi divergences add up over the steps, and
 * the best order gives {@code epsilon = T * RDP(a) + log((a-1)/a) - (log delta + log a) / (a-1)}. Orders are 1.1 to 10.9 by
 * tenths and 12 to 63, so that the figures can be compared with those of other accountants.
 */
public final class GaussianAccountant {
    /** The name that statements give this accountant. */
    public static final String NAME = "rdp-1908.10530";

    private static final double[] ORDERS = orders();
    private static final double MAX_NOISE = 1e6;
    private static final double TOLERANCE = 1e-7;

    private GaussianAccountant() {}

    /**
     * A guarantee.
     *
     * @param epsilon the bound
     * @param order the Renyi order that gives it
     */
    public record Spent(double epsilon, double order) {}

    /**
     * The cost of a whole training run.
     *
     * @param step one step
     * @param steps how many, at least 0
     * @param delta above 0, below 1
     * @throws PrivacyParameterException if a parameter is out of range
     */
    public static Spent spent(SubsampledGaussian step, long steps, double delta) {
        checkSteps(steps);
        checkDelta(delta);
        if (steps == 0 || step.rate() == 0) {
            return new Spent(0, ORDERS[0]);
        }
        Spent best = new Spent(Double.POSITIVE_INFINITY, ORDERS[0]);
        for (double order : ORDERS) {
            double epsilon = steps * step.renyi(order)
                    + Math.log1p(-1 / order)
                    - (Math.log(delta) + Math.log(order)) / (order - 1);
            if (epsilon < best.epsilon()) {
                best = new Spent(Math.max(0, epsilon), order);
            }
        }
        return best;
    }

    /**
     * The least noise multiplier that keeps a run within a target, to one part in ten million, rounded up.
     *
     * @param rate the sampling rate, above 0
     * @param steps how many, at least 1
     * @param epsilon the target, above 0
     * @param delta above 0, below 1
     * @throws PrivacyParameterException if a parameter is out of range, or the target is below what the orders can show
     */
    public static double noise(double rate, long steps, double epsilon, double delta) {
        checkSteps(steps);
        checkDelta(delta);
        if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
            throw new PrivacyParameterException("epsilon must be a number above 0, not " + epsilon);
        }
        if (steps == 0 || !(rate > 0)) {
            throw new PrivacyParameterException(
                    "no noise is needed for %d steps at sampling rate %s; both must be above 0".formatted(steps, rate));
        }
        double high = 1;
        while (epsilon(rate, high, steps, delta) > epsilon) {
            high *= 2;
            if (high > MAX_NOISE) {
                throw new PrivacyParameterException(
                        "epsilon %s at delta %s is out of reach: even unlimited noise is accounted as %.4f; ask for more"
                                .formatted(epsilon, delta, epsilon(rate, MAX_NOISE, steps, delta)));
            }
        }
        double low = high / 2;
        while (low > TOLERANCE && epsilon(rate, low, steps, delta) <= epsilon) {
            high = low;
            low /= 2;
        }
        while (high - low > TOLERANCE * high) {
            double middle = (low + high) / 2;
            if (epsilon(rate, middle, steps, delta) <= epsilon) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    private static double epsilon(double rate, double noise, long steps, double delta) {
        return spent(new SubsampledGaussian(rate, noise), steps, delta).epsilon();
    }

    private static void checkSteps(long steps) {
        if (steps < 0) {
            throw new PrivacyParameterException("steps must be at least 0, not " + steps);
        }
    }

    private static void checkDelta(double delta) {
        if (!(delta > 0 && delta < 1)) {
            throw new PrivacyParameterException("delta must be above 0 and below 1, not " + delta);
        }
    }

    private static double[] orders() {
        List<Double> orders = new ArrayList<>();
        for (int tenths = 11; tenths <= 109; tenths++) {
            orders.add(tenths / 10.0);
        }
        for (int order = 12; order <= 63; order++) {
            orders.add((double) order);
        }
        return orders.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
