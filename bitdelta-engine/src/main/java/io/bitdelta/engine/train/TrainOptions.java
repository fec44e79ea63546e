package io.bitdelta.engine.train;

import java.util.Optional;

/**
 * How to train.
 *
 * @param method which numbers are learnt
 * @param steps optimiser steps, at least 1
 * @param batch sequences per step; in a private run their expected number
 * @param accumulate parts into which a step's sequences are cut to save memory; the result is that of one part up to
 *     rounding
 * @param length tokens per sequence
 * @param rate peak learning rate
 * @param warmup share of the steps in which the rate rises
 * @param decay weight decay
 * @param clip norm to which the whole gradient is clipped; 0 for never. Private runs clip per example instead
 * @param seed decides the order of the sequences and the start of the factors
 * @param heldShare share of the text that is held out to stop early; 0 in private runs, whose figures must not leak
 * @param evaluateEvery steps between two looks at what is held out
 * @param patience looks without improvement after which training stops
 * @param checkpointEvery steps between two checkpoints; 0 for none
 * @param threads for PyTorch
 * @param privacy what a private run may cost
 */
public record TrainOptions(
        Method method,
        int steps,
        int batch,
        int accumulate,
        int length,
        double rate,
        double warmup,
        double decay,
        double clip,
        long seed,
        double heldShare,
        int evaluateEvery,
        int patience,
        int checkpointEvery,
        int threads,
        Optional<PrivateOptions> privacy) {
    /** Checks the ranges. */
    public TrainOptions {
        atLeast("steps", steps, 1);
        atLeast("the batch", batch, 1);
        atLeast("accumulate", accumulate, 1);
        atLeast("the sequence length", length, 2);
        atLeast("evaluate-every", evaluateEvery, 1);
        atLeast("patience", patience, 1);
        atLeast("checkpoint-every", checkpointEvery, 0);
        atLeast("threads", threads, 1);
        if (accumulate > batch) {
            throw new TrainingOptionException("%d sequences cannot be cut into %d parts".formatted(batch, accumulate));
        }
        if (!(rate > 0 && rate <= 1)) {
            throw new TrainingOptionException("the learning rate must be above 0 and at most 1, not " + rate);
        }
        share("the warm-up", warmup);
        share("weight decay", decay);
        share("the held-out share", heldShare);
        if (!(clip >= 0) || Double.isInfinite(clip)) {
            throw new TrainingOptionException("the clip must be 0 or a number above it, not " + clip);
        }
        if (privacy.isPresent() && heldShare > 0) {
            throw new TrainingOptionException(
                    "a private run cannot hold out a part of the text: stopping by it would tell about it; set the share"
                            + " to 0");
        }
    }

    private static void atLeast(String what, long value, long least) {
        if (value < least) {
            throw new TrainingOptionException("%s must be at least %d, not %d".formatted(what, least, value));
        }
    }

    private static void share(String what, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new TrainingOptionException(what + " must be at least 0 and below 1, not " + value);
        }
    }

    /** All that decides about the bytes of a run, as text: a checkpoint is continued only under the same. */
    String fingerprint() {
        return "%s steps=%d batch=%d accumulate=%d length=%d rate=%s warmup=%s decay=%s clip=%s seed=%d held=%s every=%d patience=%d private=%s"
                .formatted(
                        method,
                        steps,
                        batch,
                        accumulate,
                        length,
                        rate,
                        warmup,
                        decay,
                        clip,
                        seed,
                        heldShare,
                        evaluateEvery,
                        patience,
                        privacy.map(p -> "%s,%s,%s,%s".formatted(p.epsilon(), p.delta(), p.clipNorm(), p.run()))
                                .orElse("no"));
    }
}
