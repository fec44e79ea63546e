package io.bitdelta.engine.privacy;

/**
 * One step of the subsampled Gaussian mechanism: every example takes part with probability {@code rate}, and a sum of
 * sensitivity 1 gets normal noise of standard deviation {@code noise}.
 *
 * @param rate the sampling rate, 0 to 1
 * @param noise the noise multiplier, above 0
 */
public record SubsampledGaussian(double rate, double noise) {
    /** Terms below {@code exp(-30)} of a moment do not show in ten digits of it. */
    private static final double NEGLIGIBLE = -30;

    private static final int MAX_TERMS = 1 << 20;

    /** Checks both parameters. */
    public SubsampledGaussian {
        if (!(rate >= 0 && rate <= 1)) {
            throw new PrivacyParameterException("the sampling rate must be 0 to 1, not " + rate);
        }
        if (!(noise > 0) || Double.isInfinite(noise)) {
            throw new PrivacyParameterException("the noise multiplier must be a number above 0, not " + noise);
        }
    }

    /**
     * The Renyi divergence of that order between neighbouring data sets, an upper bound for adding and for removing one
     * example (arXiv 1908.10530, section 3.3).
     *
     * @param order above 1
     */
    public double renyi(double order) {
        if (!(order > 1)) {
            throw new IllegalArgumentException("a Renyi order is above 1, not " + order);
        }
        if (rate == 0) {
            return 0;
        }
        if (rate == 1) {
            return order / (2 * noise * noise);
        }
        double moment = order == Math.rint(order) ? integerMoment((int) order) : fractionalMoment(order);
        return Math.max(0, moment / (order - 1));
    }

    /** log of the sum over i of C(a, i) (1-q)^(a-i) q^i exp((i^2 - i) / (2 sigma^2)). */
    private double integerMoment(int order) {
        double sum = Double.NEGATIVE_INFINITY;
        double logBinomial = 0;
        for (int i = 0; i <= order; i++) {
            double term = logBinomial + i * Math.log(rate) + (order - i) * Math.log1p(-rate) + gain(i);
            sum = SignedLogSum.logAdd(sum, term);
            logBinomial += Math.log(order - i) - Math.log(i + 1);
        }
        return sum;
    }

    /**
     * The two half-line series, split where the densities cross. The generalised binomial coefficient changes sign with
     * every term beyond the order; dropping those signs would overstate the moment.
     */
    private double fractionalMoment(double order) {
        SignedLogSum left = new SignedLogSum();
        SignedLogSum right = new SignedLogSum();
        double crossing = noise * noise * Math.log(1 / rate - 1) + 0.5;
        double logRate = Math.log(rate);
        double logRest = Math.log1p(-rate);
        double width = Math.sqrt(2) * noise;
        double logBinomial = 0;
        boolean positive = true;
        for (int i = 0; i < MAX_TERMS; i++) {
            double j = order - i;
            double a = logBinomial
                    + i * logRate
                    + j * logRest
                    + gain(i)
                    + LogErfc.of((i - crossing) / width)
                    - Math.log(2);
            double b = logBinomial
                    + j * logRate
                    + i * logRest
                    + gain(j)
                    + LogErfc.of((crossing - j) / width)
                    - Math.log(2);
            left.add(a, positive);
            right.add(b, positive);
            if (i > order && Math.max(a, b) < NEGLIGIBLE) {
                break;
            }
            double factor = j / (i + 1);
            positive = positive == factor > 0;
            logBinomial += Math.log(Math.abs(factor));
        }
        return SignedLogSum.logAdd(left.logarithm(), right.logarithm());
    }

    private double gain(double i) {
        return (i * i - i) / (2 * noise * noise);
    }
}
