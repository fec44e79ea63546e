package io.bitdelta.engine.calibrate;

import ai.djl.ndarray.NDArray;
import io.bitdelta.engine.Progress;
import io.bitdelta.engine.codec.BaseMismatchException;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.DeltaWriteReport;
import io.bitdelta.engine.codec.ScaleRewriter;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.model.ModelWeights;
import io.bitdelta.engine.model.TextTokenizer;
import io.bitdelta.engine.model.twin.AdamW;
import io.bitdelta.engine.model.twin.CrossEntropy;
import io.bitdelta.engine.model.twin.FloatBlock;
import io.bitdelta.engine.model.twin.FullVariant;
import io.bitdelta.engine.model.twin.Step;
import io.bitdelta.engine.model.twin.Torch;
import io.bitdelta.engine.model.twin.Twin;
import io.bitdelta.engine.tensor.WeightsHash;
import io.bitdelta.engine.train.DivergedException;
import io.bitdelta.engine.train.Example;
import io.bitdelta.engine.train.Shuffle;
import io.bitdelta.engine.train.TrainingSet;
import io.bitdelta.engine.train.TrainingWatch;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Fits the scales of a delta. */
public final class Calibrator {
    /** Sequences that a line search looks at. */
    private static final int LINE_SEQUENCES = 4;

    private final CalibrateOptions options;
    private final TrainingWatch watch;
    private final Torch torch;
    private final Twin twin;
    private final ScaleVariant student;
    private final FullVariant teacher;
    private final Losses losses;
    private List<float[]> best = List.of();
    private double bestLoss = Double.POSITIVE_INFINITY;

    private Calibrator(
            CalibrateOptions options,
            TrainingWatch watch,
            Torch torch,
            Twin twin,
            ScaleVariant student,
            FullVariant teacher,
            Losses losses) {
        this.options = options;
        this.watch = watch;
        this.torch = torch;
        this.twin = twin;
        this.student = student;
        this.teacher = teacher;
        this.losses = losses;
    }

    private record Look(double loss, double perplexity, double metric, long positions) {}

    /**
     * Writes the delta with fitted scales.
     *
     * @param delta the delta; its base must be {@code base}
     * @param base the base, in Hugging Face's layout
     * @param finetuned the fine-tune, which the objectives other than the text's likelihood imitate
     * @param text a training text; never the text that the result is judged by
     * @param out the delta file to write
     * @throws BaseMismatchException if the delta is over another base
     * @throws NothingToCalibrateException if it has no scales
     * @throws io.bitdelta.engine.EngineInputException if a model or the text is refused
     * @throws IOException if reading or writing fails
     */
    public static CalibrateReport calibrate(
            Path delta, Path base, Path finetuned, Path text, Path out, CalibrateOptions options, TrainingWatch watch)
            throws IOException {
        long start = System.nanoTime();
        try (DeltaFile file = DeltaFile.open(delta);
                ModelWeights model = ModelWeights.open(base);
                ModelWeights target = ModelWeights.open(finetuned);
                TextTokenizer tokenizer = TextTokenizer.open(base, model.config());
                Workers workers = Workers.of(options.threads());
                Arena arena = Arena.ofShared()) {
            Hash32 found = WeightsHash.of(model.checkpoint(), workers, Progress.NONE);
            if (!found.equals(file.header().metadata().baseHash())) {
                throw new BaseMismatchException(delta, file.header().metadata().baseHash(), base, found);
            }
            TrainingSet set = TrainingSet.read(text, tokenizer, model.config(), options.length(), options.heldShare());
            ScaleVariant student = new ScaleVariant(model, new FullVariant(model, arena, false), file, workers, arena);
            if (student.count() == 0) {
                throw new NothingToCalibrateException(delta, "it has no scales; only signs and factors have any");
            }
            try (Torch torch = Torch.start(options.threads())) {
                Calibrator calibrator = new Calibrator(
                        options,
                        watch,
                        torch,
                        new Twin(model.config(), arena),
                        student,
                        new FullVariant(target, arena, false),
                        new Losses(options.objective(), tokenizer));
                Look before = calibrator.look(set.held());
                int steps = calibrator.fit(set, before);
                student.round();
                Look after = calibrator.look(set.held());
                if (after.loss() > before.loss()) {
                    // What rounding took away was more than what fitting gave: the scales that came in are better.
                    student.reset();
                    after = before;
                }
                DeltaWriteReport written = ScaleRewriter.write(file, student.scales(), out);
                return new CalibrateReport(
                        options.objective().text(),
                        before.loss(),
                        after.loss(),
                        before.perplexity(),
                        after.perplexity(),
                        new CalibrateReport.Judged(
                                options.objective().metric(), before.metric(), after.metric(), after.positions()),
                        steps,
                        student.count(),
                        (System.nanoTime() - start) / 1e9,
                        written);
            }
        }
    }

    private int fit(TrainingSet set, Look before) {
        bestLoss = before.loss();
        best = numbers();
        int steps =
                switch (options.search()) {
                    case ADAM -> adam(set);
                    case LINE -> lines(set);
                };
        for (int p = 0; p < best.size(); p++) {
            student.parameters().get(p).assign(best.get(p));
        }
        return steps;
    }

    private int adam(TrainingSet set) {
        List<FloatBlock> parameters = student.parameters();
        AdamW optimiser = new AdamW(parameters, 0.9, 0.999, 0);
        Shuffle order = new Shuffle(options.seed(), set.learn().size());
        int worse = 0;
        for (int step = 1; step <= options.steps(); step++) {
            List<Example> batch = new ArrayList<>();
            order.batch(step - 1L, options.batch())
                    .forEach(i -> batch.add(set.learn().get(i)));
            List<float[]> gradients = new ArrayList<>();
            parameters.forEach(parameter -> gradients.add(new float[parameter.count()]));
            double loss;
            try (Step pass = torch.step()) {
                NDArray wanted = teacher(pass, batch);
                loss = pass.backward(() -> losses.of(pass, student(pass, batch), wanted, batch));
                for (int p = 0; p < gradients.size(); p++) {
                    pass.addGradient(parameters.get(p), gradients.get(p));
                }
            }
            if (!Double.isFinite(loss)) {
                throw new DivergedException(step, loss);
            }
            double rate = options.rate() * 0.5 * (1 + Math.cos(Math.PI * (step - 1) / options.steps()));
            optimiser.step(parameters, gradients, rate);
            watch.stepped(step, options.steps(), loss);
            if (step % options.evaluateEvery() == 0 || step == options.steps()) {
                worse = keepIfBetter(look(set.held()).loss()) ? 0 : worse + 1;
                if (worse >= options.patience()) {
                    return step;
                }
            }
        }
        return options.steps();
    }

    private int lines(TrainingSet set) {
        List<Example> sample = new ArrayList<>();
        Shuffle order = new Shuffle(options.seed(), set.learn().size());
        order.batch(0, Math.min(LINE_SEQUENCES, set.learn().size()))
                .forEach(i -> sample.add(set.learn().get(i)));
        List<List<FloatBlock>> tensors = student.tensors();
        for (int t = 0; t < tensors.size(); t++) {
            List<FloatBlock> factors = tensors.get(t);
            LineSearch search = new LineSearch(factor -> {
                fill(factors, factor);
                return look(sample).loss();
            });
            fill(factors, search.minimum());
            watch.stepped(t + 1, tensors.size(), search.least());
        }
        keepIfBetter(look(set.held()).loss());
        return tensors.size();
    }

    private static void fill(List<FloatBlock> factors, double factor) {
        for (FloatBlock block : factors) {
            for (int i = 0; i < block.count(); i++) {
                block.set(i, (float) factor);
            }
        }
    }

    private boolean keepIfBetter(double loss) {
        if (loss >= bestLoss) {
            return false;
        }
        bestLoss = loss;
        best = numbers();
        return true;
    }

    private List<float[]> numbers() {
        return student.parameters().stream().map(FloatBlock::toArray).toList();
    }

    private NDArray student(Step step, List<Example> batch) {
        return twin.logits(step, student.bind(step), Example.inputs(batch));
    }

    /** Computed outside the gradients' scope: nothing of it is kept for them. */
    private NDArray teacher(Step step, List<Example> batch) {
        return losses.needsTeacher() ? twin.logits(step, teacher.bind(step), Example.inputs(batch)) : step.scalar(0);
    }

    private Look look(List<Example> examples) {
        double loss = 0;
        double nats = 0;
        Measurement measured = new Measurement(options.objective().metric(), losses);
        double count = (double) Example.learnt(examples);
        for (int from = 0; from < examples.size(); from += options.batch()) {
            List<Example> batch = examples.subList(from, Math.min(examples.size(), from + options.batch()));
            double share = (double) Example.learnt(batch) / count;
            try (Step step = torch.step()) {
                NDArray logits = student(step, batch);
                NDArray wanted = teacher(step, batch);
                loss += share * losses.of(step, logits, wanted, batch).getFloat();
                measured.add(step, logits, wanted, batch);
                nats += CrossEntropy.of(step, logits, Example.targets(batch), 1).getFloat();
            }
        }
        return new Look(loss, Math.exp(nats / count), measured.value(), measured.positions());
    }
}
