package io.bitdelta.engine.train;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.model.ModelWeights;
import io.bitdelta.engine.model.TextTokenizer;
import io.bitdelta.engine.model.twin.AdamW;
import io.bitdelta.engine.model.twin.FloatBlock;
import io.bitdelta.engine.model.twin.Torch;
import io.bitdelta.engine.model.twin.Twin;
import io.bitdelta.engine.model.twin.Variant;
import io.bitdelta.engine.privacy.PrivacyStatement;
import io.bitdelta.engine.tensor.WeightsHash;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** Trains a model on a text. */
public final class Trainer {
    /** The checkpoint of a run that has not ended, in the output folder. */
    public static final String STATE = "training-state.safetensors";

    private final TrainOptions options;
    private final TrainingWatch watch;
    private final RandomGenerator secrets;

    private Trainer(TrainOptions options, TrainingWatch watch, RandomGenerator secrets) {
        this.options = options;
        this.watch = watch;
        this.secrets = secrets;
    }

    /**
     * Trains, and writes a checkpoint (full), a PEFT adapter (lora) or {@code core.bitdelta} (core) to a folder. If the
     * folder holds the checkpoint of the same run, that one is continued.
     *
     * @param base a model in Hugging Face's layout
     * @param text plain text, or chats as {@code .jsonl}
     * @param out the folder; created when missing
     * @param secrets the randomness of a private run, of cryptographic strength; other runs do not use it
     * @throws io.bitdelta.engine.EngineInputException if the model, the text or an option is refused, or the loss diverges
     * @throws IOException if reading or writing fails
     */
    public static TrainReport train(
            Path base, Path text, Path out, TrainOptions options, RandomGenerator secrets, TrainingWatch watch)
            throws IOException {
        return new Trainer(options, watch, secrets).run(base, text, out);
    }

    private TrainReport run(Path base, Path text, Path out) throws IOException {
        long start = System.nanoTime();
        try (ModelWeights model = ModelWeights.open(base);
                TextTokenizer tokenizer = TextTokenizer.open(base, model.config());
                Workers workers = Workers.of(options.threads());
                Arena arena = Arena.ofShared()) {
            TrainingSet set = TrainingSet.read(text, tokenizer, model.config(), options.length(), options.heldShare());
            Hash32 baseHash = WeightsHash.of(model.checkpoint(), workers, Progress.NONE);
            Files.createDirectories(out);
            Path state = out.resolve(STATE);
            Learner learner = Learner.of(model, options, arena);
            List<FloatBlock> parameters = learner.variant().parameters();
            AdamW optimiser = new AdamW(parameters, 0.9, 0.95, options.decay());
            Run run = new Run(
                    parameters, optimiser, state, Fingerprint.of(baseHash, set.hash(), tokenizer.hash(), options));
            run.resume();
            int from = run.step();
            Optional<PrivacyStatement> statement;
            try (Torch torch = Torch.start(options.threads())) {
                GradientSource source = new GradientSource(torch, new Twin(model.config(), arena), learner.variant());
                statement = learn(set, learner.variant(), source, optimiser, run, from > 0);
            }
            run.keepBest();
            learner.write(out, baseHash, workers);
            run.delete();
            return new TrainReport(
                    options.method().text(),
                    statement.isPresent() ? OptionalDouble.empty() : OptionalDouble.of(run.loss()),
                    run.heldLoss(),
                    run.step(),
                    from > 0 ? OptionalInt.of(from) : OptionalInt.empty(),
                    run.tokens(),
                    parameters.stream().mapToLong(FloatBlock::count).sum(),
                    run.step() < options.steps(),
                    statement,
                    (System.nanoTime() - start) / 1e9);
        }
    }

    private Optional<PrivacyStatement> learn(
            TrainingSet set, Variant variant, GradientSource source, AdamW optimiser, Run run, boolean continued)
            throws IOException {
        if (options.privacy().isEmpty()) {
            Shuffle order = new Shuffle(options.seed(), set.learn().size());
            boolean done = false;
            while (run.step() < options.steps() && !done) {
                List<Example> batch = new ArrayList<>();
                order.batch(run.step(), options.batch())
                        .forEach(i -> batch.add(set.learn().get(i)));
                variant.prepare();
                GradientSource.Result result = source.mean(batch, options.accumulate());
                clip(result.gradients());
                apply(optimiser, variant, run, result, Example.learnt(batch), source.hopeless());
                done = !set.held().isEmpty()
                        && (run.step() % options.evaluateEvery() == 0 || run.step() == options.steps())
                        && look(set, variant, source, run);
                checkpoint(run, done);
            }
            return Optional.empty();
        }
        try (PrivateSteps steps =
                PrivateSteps.begin(options.privacy().get(), options, set.learn().size(), continued, secrets)) {
            while (run.step() < options.steps()) {
                List<Example> sample = steps.sample(set.learn());
                variant.prepare();
                // That a private run's loss is high must not show: it would tell about the text.
                apply(
                        optimiser,
                        variant,
                        run,
                        steps.gradients(source, sample),
                        Example.learnt(sample),
                        Double.MAX_VALUE);
                checkpoint(run, false);
            }
            return Optional.of(steps.settle());
        }
    }

    private boolean look(TrainingSet set, Variant variant, GradientSource source, Run run) {
        variant.prepare();
        return run.looked(source.loss(set.held(), options.batch()), options.patience());
    }

    private void checkpoint(Run run, boolean done) throws IOException {
        if (options.checkpointEvery() > 0
                && run.step() % options.checkpointEvery() == 0
                && run.step() < options.steps()
                && !done) {
            run.checkpoint();
        }
    }

    private void apply(
            AdamW optimiser, Variant variant, Run run, GradientSource.Result result, long learnt, double most) {
        if (!(result.loss() <= (run.step() == 0 ? Double.MAX_VALUE : most))) {
            throw new DivergedException(run.step() + 1, result.loss());
        }
        CosineSchedule schedule =
                new CosineSchedule(options.rate(), Math.round(options.warmup() * options.steps()), options.steps());
        optimiser.step(variant.parameters(), result.gradients(), schedule.rate(run.step()));
        run.stepped(result.loss(), learnt, options.steps());
        watch.stepped(run.step(), options.steps(), result.loss());
    }

    /** Scales all gradients down when their common norm is over the limit. */
    private void clip(List<float[]> gradients) {
        if (options.clip() == 0) {
            return;
        }
        double square = 0;
        for (float[] gradient : gradients) {
            for (float g : gradient) {
                square += (double) g * g;
            }
        }
        double factor = options.clip() / Math.sqrt(square);
        if (factor < 1) {
            for (float[] gradient : gradients) {
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] = (float) (gradient[i] * factor);
                }
            }
        }
    }
}
