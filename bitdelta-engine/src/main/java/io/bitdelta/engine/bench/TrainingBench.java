package io.bitdelta.engine.bench;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.calibrate.CalibrateOptions;
import io.bitdelta.engine.calibrate.CalibrateReport;
import io.bitdelta.engine.calibrate.Calibrator;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.codec.RestPolicy;
import io.bitdelta.engine.train.StepTimes;
import io.bitdelta.engine.train.TrainingWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Calibration and private training of a small model, on PyTorch. */
public final class TrainingBench {
    private static final double ALLOWED_SECONDS = 60;
    private static final int SEQUENCES = 8;
    private static final int TOKENS = 128;

    private TrainingBench() {}

    /**
     * Runs the rows that train.
     *
     * @param base folder of the base
     * @param finetuned folder of its fine-tune
     * @param text of some ten thousand tokens
     * @param folder for what is made on the way
     * @param rows which; others are passed over
     */
    public static List<BenchResult> run(
            Path base, Path finetuned, Path text, Path folder, int threads, Set<ModelRow> rows) throws IOException {
        List<BenchResult> results = new ArrayList<>();
        if (rows.contains(ModelRow.CALIBRATE_TINY)) {
            Path delta = folder.resolve("tiny.bitdelta");
            CompressOptions options = CompressOptions.defaults().withRest(RestPolicy.ONEBIT);
            DeltaCompressor.compress(base, finetuned, delta, options.withThreads(threads), Progress.NONE);
            CalibrateReport report = Calibrator.calibrate(
                    delta,
                    base,
                    finetuned,
                    text,
                    folder.resolve("fitted.bitdelta"),
                    CalibrateOptions.defaults().withThreads(threads),
                    TrainingWatch.NONE);
            results.add(new BenchResult(
                    ModelRow.CALIBRATE_TINY.text(),
                    report.seconds(),
                    "s",
                    ALLOWED_SECONDS,
                    report.seconds() / ALLOWED_SECONDS));
        }
        if (rows.contains(ModelRow.DP_STEP)) {
            StepTimes times = StepTimes.measure(base, text, SEQUENCES, TOKENS, threads);
            results.add(new BenchResult(
                    ModelRow.DP_STEP.text(),
                    times.privately() * 1e3,
                    "ms/step",
                    times.plainly() * 1e3,
                    times.privately() / times.plainly()));
        }
        return results;
    }
}
