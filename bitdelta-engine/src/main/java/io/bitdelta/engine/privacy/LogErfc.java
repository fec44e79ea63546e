package io.bitdelta.engine.privacy;

/** The logarithm of the complementary error function, for any argument, to about 1e-14 of the function's value. */
final class LogErfc {
    /** Below it the series converges within a few dozen terms, above it the continued fraction does. */
    private static final double SWITCH = 2;

    private static final double TINY = 1e-300;
    private static final int MAX_TERMS = 500;

    private LogErfc() {}

    static double of(double x) {
        if (x >= SWITCH) {
            return -x * x - Math.log(fraction(x) * Math.sqrt(Math.PI));
        }
        if (x <= -SWITCH) {
            double small = Math.exp(of(-x));
            return Math.log(2 - small);
        }
        return Math.log(1 - series(x));
    }

    /** erf(x) = 2 / sqrt(pi) * exp(-x^2) * sum of 2^n x^(2n+1) / (2n+1)!!, all terms of one sign (DLMF 7.6.2). */
    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < MAX_TERMS && Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /** exp(-x^2) / (sqrt(pi) erfc(x)) = x + (1/2) / (x + (2/2) / (x + (3/2) / ...)), by Lentz's method (DLMF 7.9.1). */
    private static double fraction(double x) {
        double value = x;
        double c = x;
        double d = 0;
        for (int n = 1; n < MAX_TERMS; n++) {
            double a = n / 2.0;
            d = x + a * d;
            d = 1 / (Math.abs(d) < TINY ? TINY : d);
            c = x + a / c;
            double factor = c * d;
            value *= factor;
            if (Math.abs(factor - 1) < 1e-16) {
                break;
            }
        }
        return value;
    }
}
