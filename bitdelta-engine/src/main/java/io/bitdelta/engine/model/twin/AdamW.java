package io.bitdelta.engine.model.twin;

import java.util.ArrayList;
import java.util.List;

/**
 * Adam with decoupled weight decay (arXiv 1711.05101, algorithm 2), in binary32, element by element in order: the same
 * gradients give the same bytes.
 */
public final class AdamW {
    private static final float EPSILON = 1e-8f;

    private final float beta1;
    private final float beta2;
    private final float decay;
    private final List<float[]> first = new ArrayList<>();
    private final List<float[]> second = new ArrayList<>();
    private long steps;

    /**
     * An optimiser with zero moments.
     *
     * @param parameters what it will change
     * @param decay weight decay per step at a rate of 1
     */
    public AdamW(List<FloatBlock> parameters, double beta1, double beta2, double decay) {
        this.beta1 = (float) beta1;
        this.beta2 = (float) beta2;
        this.decay = (float) decay;
        for (FloatBlock parameter : parameters) {
            first.add(new float[parameter.count()]);
            second.add(new float[parameter.count()]);
        }
    }

    /** One step down the gradients. */
    public void step(List<FloatBlock> parameters, List<float[]> gradients, double rate) {
        steps++;
        float correction1 = (float) (1 - Math.pow(beta1, (double) steps));
        float correction2 = (float) (1 - Math.pow(beta2, (double) steps));
        float step = (float) rate;
        for (int p = 0; p < parameters.size(); p++) {
            FloatBlock parameter = parameters.get(p);
            float[] values = parameter.toArray();
            update(values, gradients.get(p), first.get(p), second.get(p), step, correction1, correction2);
            parameter.assign(values);
        }
    }

    private void update(
            float[] values,
            float[] gradient,
            float[] mean,
            float[] square,
            float rate,
            float correction1,
            float correction2) {
        float rest1 = 1 - beta1;
        float rest2 = 1 - beta2;
        float shrink = rate * decay;
        for (int i = 0; i < values.length; i++) {
            float g = gradient[i];
            float m = beta1 * mean[i] + rest1 * g;
            float v = beta2 * square[i] + rest2 * (g * g);
            mean[i] = m;
            square[i] = v;
            float direction = (m / correction1) / ((float) Math.sqrt(v / correction2) + EPSILON);
            values[i] = values[i] - shrink * values[i] - rate * direction;
        }
    }

    /** The first moments, in the parameters' order; not copies. */
    public List<float[]> first() {
        return first;
    }

    /** The second moments, in the parameters' order; not copies. */
    public List<float[]> second() {
        return second;
    }

    /** Steps taken. */
    public long steps() {
        return steps;
    }

    /** Continues from stored moments, which were written into the arrays. */
    public void resume(long taken) {
        steps = taken;
    }
}
