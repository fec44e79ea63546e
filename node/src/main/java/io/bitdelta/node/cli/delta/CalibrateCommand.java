package io.bitdelta.node.cli.delta;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.engine.calibrate.CalibrateOptions;
import io.bitdelta.engine.calibrate.CalibrateReport;
import io.bitdelta.engine.calibrate.Calibrator;
import io.bitdelta.engine.calibrate.Objective;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.model.TrainingBar;
import io.bitdelta.node.provenance.CalibrationNote;
import io.bitdelta.node.provenance.SignedEvaluation;
import io.bitdelta.node.provenance.TrainingRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code delta calibrate}. */
@Command(
        name = "calibrate",
        description =
                "Fit a delta's scales so that the model does what the fine-tune does; signs stay as they are. Beside"
                        + " the delta, FILE.training.json says how they were fitted; publishing puts that into the manifest.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  bitdelta delta calibrate user-a.bitdelta --base models/tiny-qwen3/base \\",
            "    --finetuned models/tiny-qwen3/user-a --text train.txt --out user-a-fitted.bitdelta"
        })
final class CalibrateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DELTA", description = "The delta file.")
    private Path delta;

    @Option(names = "--base", required = true, description = "The base: a folder in Hugging Face's layout.")
    private Path base;

    @Option(names = "--finetuned", required = true, description = "The fine-tune: likewise.")
    private Path finetuned;

    @Option(names = "--text", required = true, description = "A training text: plain, or chats as .jsonl.")
    private Path text;

    @Option(names = "--out", required = true, description = "The delta file to write.")
    private Path out;

    @Option(
            names = "--objective",
            defaultValue = "kl",
            description = "What is to become small: mse (of logits), kl, ce (of the text), or for a domain education,"
                    + " gaming, defi, general (default: ${DEFAULT-VALUE}).")
    private String objective;

    @Option(
            names = "--search",
            defaultValue = "adam",
            description = "adam for every scale, line for one factor per tensor (default: ${DEFAULT-VALUE}).")
    private String search;

    @Option(names = "--steps", defaultValue = "60", description = "Steps of adam (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--batch", defaultValue = "4", description = "Sequences per step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--length", defaultValue = "128", description = "Tokens per sequence (default: ${DEFAULT-VALUE}).")
    private int length;

    @Option(
            names = "--rate",
            defaultValue = "0.03",
            description = "Learning rate, relative to each scale (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(names = "--threads", description = "Threads (default: all processors). The bytes depend on their number.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    CalibrateCommand() {}

    @Override
    public Integer call() throws Exception {
        CalibrateOptions options = CalibrateOptions.defaults()
                .withObjective(Objective.named(objective)
                        .orElseThrow(() -> CommandException.usage(
                                "--objective " + objective + ": use mse, kl, ce, education, gaming, defi or general")))
                .withSearch(search())
                .withSteps(steps)
                .withSequences(batch, length)
                .withRate(rate)
                .withThreads(threads);
        Clock clock = Clock.systemUTC();
        Instant started = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        CalibrateReport report;
        try (TrainingBar bar = new TrainingBar(output)) {
            report = Calibrator.calibrate(delta, base, finetuned, text, out, options, bar);
        }
        Instant finished = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        record(report, started, finished.isBefore(started) ? started : finished).write(TrainingRecord.beside(out));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("lossBefore", report.lossBefore());
        result.put("lossAfter", report.lossAfter());
        result.put("steps", report.steps());
        result.put("seconds", report.seconds());
        result.put("objective", report.objective());
        result.put("perplexityBefore", report.perplexityBefore());
        result.put("perplexityAfter", report.perplexityAfter());
        result.put("metric", report.judged().metric().text());
        if (report.judged().positions() > 0) {
            result.put("metricBefore", report.judged().before());
            result.put("metricAfter", report.judged().after());
        }
        result.put("scales", report.scales());
        result.put("deltaHash", report.delta().deltaHash());
        result.put("fileHash", report.delta().fileHash());
        result.put("bytes", report.delta().bytes());
        result.put("calibration", report.manifestSection());
        output.result(result, lines -> {
            lines.printf("delta      %s%n", report.delta().deltaHash());
            lines.printf("file       %s (%,d bytes)%n", out, report.delta().bytes());
            lines.printf(
                    "loss       %.6f -> %.6f (%s, on the part of the text that was held out)%n",
                    report.lossBefore(), report.lossAfter(), report.objective());
            lines.printf("perplexity %.3f -> %.3f%n", report.perplexityBefore(), report.perplexityAfter());
            lines.printf(
                    "%-10s %s of %,d positions (%s)%n",
                    "metric",
                    report.judged().positions() == 0
                            ? "none"
                            : "%.4f -> %.4f"
                                    .formatted(
                                            report.judged().before(),
                                            report.judged().after()),
                    report.judged().positions(),
                    report.judged().metric().text());
            lines.printf("fitted     %,d scales in %d steps%n", report.scales(), report.steps());
            lines.printf("time       %.1f s%n", report.seconds());
        });
        return 0;
    }

    private TrainingRecord record(CalibrateReport report, Instant started, Instant finished) throws IOException {
        try (DeltaFile written = DeltaFile.open(out);
                Checkpoint checkpoint = Checkpoint.open(base)) {
            // A divergence is never negative; its binary32 sum can be, by less than a millionth.
            String before = decimal(Math.max(0, report.lossBefore()));
            String after = decimal(Math.max(0, report.lossAfter()));
            boolean judged = report.judged().positions() > 0;
            return new TrainingRecord(
                    Bytes32.of(written.header().metadata().baseHash().bytes()),
                    Bytes32.of(written.fileHash().bytes()),
                    "calibration",
                    report.steps(),
                    Optional.empty(),
                    report.scales(),
                    decimal(rate),
                    Optional.empty(),
                    decimal((double) checkpoint.bytes() / written.size()),
                    Optional.empty(),
                    Optional.of(new CalibrationNote(
                            report.objective(),
                            report.steps(),
                            before,
                            after,
                            report.judged().metric().text(),
                            report.judged().positions(),
                            judged ? Optional.of(decimal(report.judged().before())) : Optional.empty(),
                            judged ? Optional.of(decimal(report.judged().after())) : Optional.empty())),
                    started,
                    finished);
        }
    }

    private static String decimal(double value) {
        return SignedEvaluation.decimal(new BigDecimal(value, new MathContext(6, RoundingMode.HALF_EVEN)));
    }

    private CalibrateOptions.Search search() {
        return switch (search) {
            case "adam" -> CalibrateOptions.Search.ADAM;
            case "line" -> CalibrateOptions.Search.LINE;
            default -> throw CommandException.usage("--search " + search + ": use adam or line");
        };
    }
}
