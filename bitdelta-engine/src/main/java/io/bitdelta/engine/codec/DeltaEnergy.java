package io.bitdelta.engine.codec;

/**
 * How much of a delta its signs and scales keep. For fixed signs a scale s that is the mean of n terms with sum A lowers
 * the squared error by {@code 2 s A - n s^2}, so that no second pass over the weights is needed.
 *
 * @param total sum of the squared deltas
 * @param kept by how much the planes lower the squared error
 */
record DeltaEnergy(double total, double kept) {
    static final DeltaEnergy NONE = new DeltaEnergy(0, 0);

    DeltaEnergy plus(DeltaEnergy other) {
        return new DeltaEnergy(total + other.total, kept + other.kept);
    }

    /** What one stored scale keeps. */
    static double kept(double sum, long count, float scale) {
        return 2 * scale * sum - count * (double) scale * scale;
    }

    /** The norm of what is lost over the norm of the delta. */
    double relativeError() {
        return total == 0 ? 0 : Math.sqrt(Math.max(0, total - kept) / total);
    }
}
