package io.bitdelta.engine.model.twin;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** The negative log-likelihood of targets, in nats. */
public final class CrossEntropy {
    /** A position without a target. */
    public static final int NO_TARGET = -1;

    private CrossEntropy() {}

    /**
     * The weighted sum over all positions that have a target.
     *
     * @param logits [sequences, length, vocabulary]
     * @param targets per sequence, at most {@code length}; the positions after them have none
     * @param weight what each position counts
     * @return a scalar that can be differentiated
     */
    public static NDArray of(Step step, NDArray logits, List<int[]> targets, double weight) {
        int length = Math.toIntExact(logits.getShape().get(1));
        long[] ids = new long[targets.size() * length];
        float[] weights = new float[ids.length];
        for (int sequence = 0; sequence < targets.size(); sequence++) {
            int[] own = targets.get(sequence);
            for (int i = 0; i < own.length; i++) {
                boolean counts = own[i] != NO_TARGET;
                ids[sequence * length + i] = counts ? own[i] : 0;
                weights[sequence * length + i] = counts ? (float) -weight : 0;
            }
        }
        return logits.logSoftmax(-1)
                .gather(step.integers(ids, targets.size(), length, 1), 2)
                .mul(step.floats(weights, targets.size(), length, 1))
                .sum();
    }
}
