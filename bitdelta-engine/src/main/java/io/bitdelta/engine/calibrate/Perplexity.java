package io.bitdelta.engine.calibrate;

import ai.djl.ndarray.NDArray;
import io.bitdelta.engine.Progress;
import io.bitdelta.engine.codec.BaseMismatchException;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.model.ModelWeights;
import io.bitdelta.engine.model.TextTokenizer;
import io.bitdelta.engine.model.twin.CrossEntropy;
import io.bitdelta.engine.model.twin.FullVariant;
import io.bitdelta.engine.model.twin.Step;
import io.bitdelta.engine.model.twin.Torch;
import io.bitdelta.engine.model.twin.Twin;
import io.bitdelta.engine.model.twin.Variant;
import io.bitdelta.engine.tensor.WeightsHash;
import io.bitdelta.engine.train.Example;
import io.bitdelta.engine.train.TrainingSet;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The perplexity of a text under the differentiable twin: windows of the model's context that do not overlap, positions
 * from 0 in each, all next tokens counted; weights of a delta are added in binary32 and never rounded to the base's type.
 *
 * @param perplexity exp of the mean negative log-likelihood
 * @param tokens how many tokens were predicted
 */
public record Perplexity(double perplexity, long tokens) {
    private static final int BATCH = 4;

    /**
     * Computes it.
     *
     * @param model in Hugging Face's layout
     * @param delta to add to it, if any
     * @param text plain text
     * @throws BaseMismatchException if the delta is over another base
     * @throws IOException if reading fails
     */
    public static Perplexity of(Path model, Optional<Path> delta, Path text, int threads) throws IOException {
        try (ModelWeights weights = ModelWeights.open(model);
                TextTokenizer tokenizer = TextTokenizer.open(model, weights.config());
                Workers workers = Workers.of(threads);
                Arena arena = Arena.ofShared();
                Torch torch = Torch.start(threads)) {
            List<Example> windows = TrainingSet.read(
                            text, tokenizer, weights.config(), weights.config().context(), 0)
                    .learn();
            FullVariant base = new FullVariant(weights, arena, false);
            if (delta.isEmpty()) {
                return of(torch, new Twin(weights.config(), arena), base, windows);
            }
            try (DeltaFile file = DeltaFile.open(delta.get())) {
                Hash32 wanted = file.header().metadata().baseHash();
                Hash32 found = WeightsHash.of(weights.checkpoint(), workers, Progress.NONE);
                if (!found.equals(wanted)) {
                    throw new BaseMismatchException(delta.get(), wanted, model, found);
                }
                Variant changed = new ScaleVariant(weights, base, file, workers, arena);
                return of(torch, new Twin(weights.config(), arena), changed, windows);
            }
        }
    }

    private static Perplexity of(Torch torch, Twin twin, Variant variant, List<Example> windows) {
        double nats = 0;
        for (int from = 0; from < windows.size(); from += BATCH) {
            List<Example> batch = windows.subList(from, Math.min(windows.size(), from + BATCH));
            try (Step step = torch.step()) {
                NDArray logits = twin.logits(step, variant.bind(step), Example.inputs(batch));
                nats += CrossEntropy.of(step, logits, Example.targets(batch), 1).getFloat();
            }
        }
        long tokens = Example.learnt(windows);
        return new Perplexity(Math.exp(nats / (double) tokens), tokens);
    }
}
