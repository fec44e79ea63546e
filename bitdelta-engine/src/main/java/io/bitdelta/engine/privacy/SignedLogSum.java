package io.bitdelta.engine.privacy;

/** The logarithm of a sum of terms of both signs, given by their logarithms: nothing over- or underflows on the way. */
final class SignedLogSum {
    private double positive = Double.NEGATIVE_INFINITY;
    private double negative = Double.NEGATIVE_INFINITY;

    /** Adds {@code sign * exp(logarithm)}. */
    void add(double logarithm, boolean isPositive) {
        if (isPositive) {
            positive = logAdd(positive, logarithm);
        } else {
            negative = logAdd(negative, logarithm);
        }
    }

    /** The sum's logarithm; minus infinity for zero. The sum of the positive terms must be the larger one. */
    double logarithm() {
        if (negative == Double.NEGATIVE_INFINITY) {
            return positive;
        }
        if (negative > positive) {
            throw new ArithmeticException(
                    "the negative terms outweigh the positive ones: exp(" + negative + ") > exp(" + positive + ")");
        }
        return positive + Math.log1p(-Math.exp(negative - positive));
    }

    /** {@code log(exp(left) + exp(right))}. */
    static double logAdd(double left, double right) {
        double high = Math.max(left, right);
        double low = Math.min(left, right);
        return low == Double.NEGATIVE_INFINITY ? high : high + Math.log1p(Math.exp(low - high));
    }
}
