package io.bitdelta.engine.train;

/**
 * A learning rate that rises linearly and falls along half a cosine to zero (arXiv 1608.03983).
 *
 * @param peak the highest rate
 * @param warmup steps of the rise
 * @param steps all steps
 */
record CosineSchedule(double peak, long warmup, long steps) {
    /** The rate of a step, counted from 0. */
    double rate(long step) {
        if (step < warmup) {
            return peak * (double) (step + 1) / (double) (warmup + 1);
        }
        double done = (double) (step - warmup) / (double) Math.max(1, steps - warmup);
        return peak * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done)));
    }
}
