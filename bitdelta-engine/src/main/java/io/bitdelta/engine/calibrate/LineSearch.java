package io.bitdelta.engine.calibrate;

import java.util.function.DoubleUnaryOperator;

/**
 * The minimum of a function of one factor on [0, 3], by Brent's method (Algorithms for Minimization without Derivatives,
 * chapter 5): parabolas where they fit, golden sections where they do not.
 */
final class LineSearch {
    private static final double GOLDEN = (3 - Math.sqrt(5)) / 2;
    private static final double HIGH = 3;
    private static final double TOLERANCE = 1e-2;
    private static final int MAX_STEPS = 8;

    private final double best;
    private final double least;

    LineSearch(DoubleUnaryOperator loss) {
        double low = 0;
        double high = HIGH;
        double x = 1;
        double w = x;
        double v = x;
        double fx = loss.applyAsDouble(x);
        double fw = fx;
        double fv = fx;
        double step = 0;
        double before = 0;
        for (int i = 0; i < MAX_STEPS; i++) {
            double middle = (low + high) / 2;
            if (Math.abs(x - middle) <= 2 * TOLERANCE - (high - low) / 2) {
                break;
            }
            double r = (x - w) * (fx - fv);
            double q = (x - v) * (fx - fw);
            double p = (x - v) * q - (x - w) * r;
            q = 2 * (q - r);
            if (q > 0) {
                p = -p;
            }
            q = Math.abs(q);
            boolean parabola = Math.abs(before) > TOLERANCE
                    && Math.abs(p) < Math.abs(q * before / 2)
                    && p > q * (low - x)
                    && p < q * (high - x);
            if (parabola) {
                before = step;
                step = p / q;
            } else {
                before = x < middle ? high - x : low - x;
                step = GOLDEN * before;
            }
            double u = x + (Math.abs(step) >= TOLERANCE ? step : Math.copySign(TOLERANCE, step));
            double fu = loss.applyAsDouble(u);
            if (fu <= fx) {
                if (u < x) {
                    high = x;
                } else {
                    low = x;
                }
                v = w;
                fv = fw;
                w = x;
                fw = fx;
                x = u;
                fx = fu;
            } else {
                if (u < x) {
                    low = u;
                } else {
                    high = u;
                }
                if (fu <= fw || w == x) {
                    v = w;
                    fv = fw;
                    w = u;
                    fw = fu;
                } else if (fu <= fv || v == x || v == w) {
                    v = u;
                    fv = fu;
                }
            }
        }
        best = x;
        least = fx;
    }

    /** Where the least value was found. */
    double minimum() {
        return best;
    }

    /** The least value. */
    double least() {
        return least;
    }
}
