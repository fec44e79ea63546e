package io.bitdelta.engine.calibrate;

import ai.djl.ndarray.NDArray;
import io.bitdelta.engine.model.TextTokenizer;
import io.bitdelta.engine.model.twin.CrossEntropy;
import io.bitdelta.engine.model.twin.Step;
import io.bitdelta.engine.train.Example;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The objectives as expressions; all are means over the positions of a batch that have a target. */
final class Losses {
    private final Objective objective;
    private final TextTokenizer tokenizer;
    private final Map<Integer, Double> known = new HashMap<>();

    Losses(Objective objective, TextTokenizer tokenizer) {
        this.objective = objective;
        this.tokenizer = tokenizer;
    }

    /** Whether the fine-tune's logits are needed. */
    boolean needsTeacher() {
        return !(objective instanceof Objective.Likelihood);
    }

    /**
     * The loss of a batch.
     *
     * @param logits [sequences, length, vocabulary], differentiable
     * @param teacher the fine-tune's, or the same array when it is not asked
     */
    NDArray of(Step step, NDArray logits, NDArray teacher, List<Example> batch) {
        double count = (double) Example.learnt(batch);
        return switch (objective) {
            case Objective.LogitDistance distance -> {
                NDArray difference = logits.sub(teacher);
                double each = 1 / (count * (double) logits.getShape().get(2));
                yield difference
                        .mul(difference)
                        .sum(new int[] {2}, true)
                        .mul(weights(step, logits, batch, each, false))
                        .sum();
            }
            case Objective.Divergence divergence -> divergence(step, logits, teacher, batch, 1 / count, false);
            case Objective.Likelihood likelihood -> CrossEntropy.of(step, logits, Example.targets(batch), 1 / count);
            case Objective.ForDomain mixed -> {
                Objective.Domain domain = mixed.domain();
                NDArray kl = divergence(step, logits, teacher, batch, domain.divergence() / count, true);
                NDArray ce = logits.logSoftmax(-1)
                        .gather(targets(step, logits, batch), 2)
                        .mul(weights(step, logits, batch, -domain.likelihood() / count, true))
                        .sum();
                yield kl.add(ce);
            }
        };
    }

    private NDArray divergence(
            Step step, NDArray logits, NDArray teacher, List<Example> batch, double each, boolean emphasis) {
        NDArray own = logits.logSoftmax(-1);
        NDArray other = teacher.logSoftmax(-1);
        return other.sub(own)
                .mul(other.exp())
                .sum(new int[] {2}, true)
                .mul(weights(step, logits, batch, each, emphasis))
                .sum();
    }

    static NDArray targets(Step step, NDArray logits, List<Example> batch) {
        int length = Math.toIntExact(logits.getShape().get(1));
        long[] ids = new long[batch.size() * length];
        for (int e = 0; e < batch.size(); e++) {
            int[] own = batch.get(e).targets();
            for (int i = 0; i < own.length; i++) {
                ids[e * length + i] = Math.max(0, own[i]);
            }
        }
        return step.integers(ids, batch.size(), length, 1);
    }

    /** What each position counts: [sequences, length, 1]. */
    private NDArray weights(Step step, NDArray logits, List<Example> batch, double each, boolean emphasis) {
        int length = Math.toIntExact(logits.getShape().get(1));
        float[] weights = new float[batch.size() * length];
        for (int e = 0; e < batch.size(); e++) {
            int[] own = batch.get(e).targets();
            for (int i = 0; i < own.length; i++) {
                if (own[i] != Example.NO_LOSS) {
                    weights[e * length + i] = (float) (each * (emphasis ? emphasis(own[i]) : 1));
                }
            }
        }
        return step.floats(weights, batch.size(), length, 1);
    }

    /** Whether the objective's domain gives this token more weight than others. */
    boolean emphasises(int token) {
        return emphasis(token) > 1;
    }

    private double emphasis(int token) {
        if (!(objective instanceof Objective.ForDomain mixed)) {
            return 1;
        }
        return known.computeIfAbsent(token, t -> mixed.domain().weight(tokenizer.decode(new int[] {t})));
    }
}
