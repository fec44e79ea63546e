package io.bitdelta.engine.calibrate;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.codec.Granularity;
import io.bitdelta.engine.codec.LoraImporter;
import io.bitdelta.engine.codec.RestPolicy;
import io.bitdelta.engine.model.Projection;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.train.Method;
import io.bitdelta.engine.train.SplitMix64;
import io.bitdelta.engine.train.TrainOptions;
import io.bitdelta.engine.train.Trainer;
import io.bitdelta.engine.train.TrainingWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What each form of a delta costs and keeps: one user's fine-tune, all forms, on a text that nothing was fitted to. Gain is
 * the share of the fine-tune's improvement in log-perplexity over the base; forms that are learnt from a text and not from
 * the fine-tune can be above 1.
 */
public final class QualityTable {
    /** Share of the fine-tune's bytes that the budget row gets. */
    private static final int BUDGET_PART = 10;

    /** A rank at which the adapter learns as much of these texts as a full fine-tune. */
    private static final int LORA_RANK = 32;

    private final Path base;
    private final Path finetuned;
    private final Path judged;
    private final Optional<Path> text;
    private final Path folder;
    private final int threads;
    private final int trainSteps;
    private final Consumer<Row> watch;
    private final List<Row> rows = new ArrayList<>();
    private double basePerplexity;
    private double finePerplexity;
    private long whole;

    /**
     * One form.
     *
     * @param form what it is
     * @param bytes of the file that gives it, over the base; 0 for the base
     * @param ratio bytes of the fine-tune over these; 0 for the base
     * @param perplexity of the judged text
     * @param gain share of the fine-tune's gain
     */
    public record Row(String form, long bytes, double ratio, double perplexity, double gain) {}

    private QualityTable(
            Path base,
            Path finetuned,
            Path judged,
            Optional<Path> text,
            Path folder,
            int threads,
            int trainSteps,
            Consumer<Row> watch) {
        this.base = base;
        this.finetuned = finetuned;
        this.judged = judged;
        this.text = text;
        this.folder = folder;
        this.threads = threads;
        this.trainSteps = trainSteps;
        this.watch = watch;
    }

    /**
     * Computes the rows.
     *
     * @param judged the text that perplexities are of; nothing else reads it
     * @param text a training text; without one the calibrated and the learnt forms are left out
     * @param folder for what is made on the way
     * @param trainSteps steps of the learnt forms; 0 leaves them out
     * @param watch receives each row when it is known
     */
    public static List<Row> rows(
            Path base,
            Path finetuned,
            Path judged,
            Optional<Path> text,
            Path folder,
            int threads,
            int trainSteps,
            Consumer<Row> watch)
            throws IOException {
        QualityTable table = new QualityTable(base, finetuned, judged, text, folder, threads, trainSteps, watch);
        table.run();
        return List.copyOf(table.rows);
    }

    private void run() throws IOException {
        basePerplexity = Perplexity.of(base, Optional.empty(), judged, threads).perplexity();
        finePerplexity =
                Perplexity.of(finetuned, Optional.empty(), judged, threads).perplexity();
        add("base", 0, basePerplexity);
        whole = Files.size(finetuned.resolve("model.safetensors"));
        add("fine-tune", whole, finePerplexity);
        CompressOptions full = CompressOptions.defaults().withThreads(threads);
        CompressOptions oneBit = full.withRest(RestPolicy.ONEBIT);
        form("1 bit, per tensor", full.withGranularity(Granularity.TENSOR), false);
        form("1 bit, per row", full, true);
        form("1 bit, groups of 128", full.withGranularity(Granularity.group(128)), false);
        form("2 bit, per row", full.withBits(2), false);
        form("1 bit, per row, rest 1 bit", oneBit, false);
        form("1 bit, per row, rest 1 bit, packed", oneBit.withPacking(Dtype.U8), true);
        form("a tenth of the bytes", full.withBudget(OptionalLong.of(tenth())), false);
        form(
                "a tenth of the bytes, packed",
                full.withBudget(OptionalLong.of(tenth())).withPacking(Dtype.U8),
                true);
        if (text.isPresent() && trainSteps > 0) {
            adapter(text.get());
            core("tier P, rank 16, 4 bit", new Method.Core(16, 4), text.get());
            core("tier P, rank 30, 1 bit", new Method.Core(30, 1), text.get());
        }
    }

    private long tenth() {
        return whole / BUDGET_PART;
    }

    private void form(String name, CompressOptions options, boolean calibrated) throws IOException {
        Path delta = folder.resolve("form.bitdelta");
        DeltaCompressor.compress(base, finetuned, delta, options, Progress.NONE);
        delta(name, delta);
        if (calibrated && text.isPresent()) {
            Path fitted = folder.resolve("fitted.bitdelta");
            CalibrateOptions fit = CalibrateOptions.defaults().withThreads(threads);
            Calibrator.calibrate(delta, base, finetuned, text.get(), fitted, fit, TrainingWatch.NONE);
            delta(name + ", calibrated", fitted);
        }
    }

    private void adapter(Path learnt) throws IOException {
        Path out = folder.resolve("adapter");
        Method lora = new Method.Lora(LORA_RANK, 2 * LORA_RANK, List.of(Projection.values()));
        Trainer.train(base, learnt, out, options(lora, 4e-3), new SplitMix64(1), TrainingWatch.NONE);
        for (int bits : new int[] {4, 1}) {
            Path delta = folder.resolve("adapter.bitdelta");
            LoraImporter.importAdapter(base, out, delta, bits, threads);
            delta("LoRA, rank %d, %d bit".formatted(LORA_RANK, bits), delta);
        }
    }

    private void core(String name, Method method, Path learnt) throws IOException {
        Path out = folder.resolve("core");
        Trainer.train(base, learnt, out, options(method, 1e-2), new SplitMix64(1), TrainingWatch.NONE);
        delta(name, out.resolve("core.bitdelta"));
    }

    private TrainOptions options(Method method, double rate) {
        return new TrainOptions(
                method,
                trainSteps,
                4,
                1,
                256,
                rate,
                0.05,
                0,
                1,
                1,
                0.02,
                Math.max(1, trainSteps / 4),
                3,
                0,
                threads,
                Optional.empty());
    }

    private void delta(String name, Path delta) throws IOException {
        add(
                name,
                Files.size(delta),
                Perplexity.of(base, Optional.of(delta), judged, threads).perplexity());
    }

    private void add(String form, long bytes, double perplexity) {
        double gain = Math.log(basePerplexity / perplexity) / Math.log(basePerplexity / finePerplexity);
        Row row = new Row(form, bytes, bytes == 0 ? 0 : (double) whole / bytes, perplexity, gain);
        rows.add(row);
        watch.accept(row);
    }
}
