package io.bitdelta.engine.train;

import io.bitdelta.engine.model.ModelWeights;
import io.bitdelta.engine.model.TextTokenizer;
import io.bitdelta.engine.model.twin.AdamW;
import io.bitdelta.engine.model.twin.Torch;
import io.bitdelta.engine.model.twin.Twin;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a step of full training costs with and without privacy: gradients of the same sequences and the optimiser's step,
 * best of some turns.
 *
 * @param plainly seconds of a step
 * @param privately seconds of a step with clipping per sequence and noise
 */
public record StepTimes(double plainly, double privately) {
    private static final int ROUNDS = 6;

    /**
     * Measures both in turns. Nothing is written and no budget is charged: what is learnt is forgotten.
     *
     * @param text long enough for the sequences
     * @param sequences per step
     * @param length tokens per sequence
     */
    public static StepTimes measure(Path base, Path text, int sequences, int length, int threads) throws IOException {
        try (ModelWeights model = ModelWeights.open(base);
                TextTokenizer tokenizer = TextTokenizer.open(base, model.config());
                Arena arena = Arena.ofShared();
                Torch torch = Torch.start(threads)) {
            List<Example> all =
                    TrainingSet.read(text, tokenizer, model.config(), length, 0).learn();
            if (all.size() < sequences) {
                throw new TrainingDataException(
                        text,
                        "it has %d sequences of %d tokens, %d are needed".formatted(all.size(), length, sequences));
            }
            List<Example> batch = all.subList(0, sequences);
            Learner learner = Learner.of(model, options(sequences, length, threads), arena);
            GradientSource source = new GradientSource(torch, new Twin(model.config(), arena), learner.variant());
            AdamW optimiser = new AdamW(learner.variant().parameters(), 0.9, 0.95, 0);
            SplitMix64 noise = new SplitMix64(1);
            double plainly = Double.MAX_VALUE;
            double privately = Double.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                plainly = Math.min(plainly, seconds(optimiser, learner, () -> source.mean(batch, 1)));
                privately = Math.min(
                        privately,
                        seconds(optimiser, learner, () -> source.clippedNoisyMean(batch, 1, 1, sequences, noise)));
            }
            return new StepTimes(plainly, privately);
        }
    }

    private static double seconds(AdamW optimiser, Learner learner, Supplier<GradientSource.Result> gradients) {
        long start = System.nanoTime();
        learner.variant().prepare();
        optimiser.step(learner.variant().parameters(), gradients.get().gradients(), 1e-6);
        return (System.nanoTime() - start) / 1e9;
    }

    private static TrainOptions options(int sequences, int length, int threads) {
        return new TrainOptions(
                new Method.Full(), 1, sequences, 1, length, 1e-6, 0, 0, 1, 1, 0, 1, 1, 0, threads, Optional.empty());
    }
}
