package io.bitdelta.node.cli.model;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.engine.Progress;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.LoraImporter;
import io.bitdelta.engine.model.Projection;
import io.bitdelta.engine.privacy.PrivacyStatement;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.train.Method;
import io.bitdelta.engine.train.PrivateOptions;
import io.bitdelta.engine.train.TrainOptions;
import io.bitdelta.engine.train.TrainReport;
import io.bitdelta.engine.train.Trainer;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.provenance.PrivacyClaim;
import io.bitdelta.node.provenance.SignedEvaluation;
import io.bitdelta.node.provenance.TrainingRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code model train}. */
@Command(
        name = "train",
        description = "Fine-tune a model on a text, if asked with differential privacy.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A run that was cut off is continued by the same command. Chats (.jsonl) are learnt in their answers only.",
            "",
            "Example:",
            "  bitdelta model train --base models/tiny-qwen3/base --text diary.txt --out mine --delta-out mine.bitdelta",
            "  bitdelta privacy budget --ledger alice.ledger --epsilon 8",
            "  bitdelta model train --base models/tiny-qwen3/base --text diary.txt --method lora \\",
            "    --dp --epsilon 4 --delta 1e-5 --ledger alice.ledger --out private --delta-out private.bitdelta",
            "  bitdelta registry publish private.bitdelta --base-name tiny-qwen3 --key alice.json"
        })
final class TrainCommand implements Callable<Integer> {
    @Option(names = "--base", required = true, description = "The base: a folder in Hugging Face's layout.")
    private Path base;

    @Option(names = "--text", required = true, description = "What to learn: plain text, or chats as .jsonl.")
    private Path text;

    @Option(names = "--out", required = true, description = "The folder to write: a checkpoint, an adapter, or a core.")
    private Path out;

    @Option(
            names = "--method",
            defaultValue = "full",
            description = "full, lora, or core for an artifact of kilobytes (default: ${DEFAULT-VALUE}).")
    private String method;

    @Option(names = "--steps", defaultValue = "350", description = "Steps (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--batch", defaultValue = "4", description = "Sequences per step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--accumulate",
            defaultValue = "1",
            description = "Parts into which a step is cut to save memory (default: ${DEFAULT-VALUE}).")
    private int accumulate;

    @Option(names = "--length", defaultValue = "256", description = "Tokens per sequence (default: ${DEFAULT-VALUE}).")
    private int length;

    @Option(
            names = "--rate",
            description = "Peak learning rate (default: 3e-4 for full, 2e-3 for lora, 1e-2 for core).")
    private @Nullable Double rate;

    @Option(
            names = "--warmup",
            defaultValue = "0.05",
            description = "Share of the steps in which the rate rises (default: ${DEFAULT-VALUE}).")
    private double warmup;

    @Option(names = "--decay", defaultValue = "0", description = "Weight decay (default: ${DEFAULT-VALUE}).")
    private double decay;

    @Option(
            names = "--clip",
            defaultValue = "1",
            description = "Norm to which gradients are clipped; per sequence with --dp (default: ${DEFAULT-VALUE}).")
    private double clip;

    @Option(names = "--rank", description = "Rank of the factors (default: 8) or of the cores (default: 16).")
    private @Nullable Integer rank;

    @Option(names = "--alpha", description = "LoRA's alpha (default: twice the rank).")
    private @Nullable Double alpha;

    @Option(
            names = "--targets",
            split = ",",
            description = "Projections to learn with lora, such as q_proj,v_proj (default: all).")
    private List<String> targets = List.of();

    @Option(
            names = "--core-bits",
            defaultValue = "4",
            description = "Bits per number of a core, 1 to 8 or 16 (default: ${DEFAULT-VALUE}).")
    private int coreBits;

    @Option(
            names = "--held",
            description = "Share of the text that is held out to stop early (default: 0.05; 0 with --dp).")
    private @Nullable Double held;

    @Option(
            names = "--evaluate-every",
            defaultValue = "50",
            description = "Steps between two looks at what is held out (default: ${DEFAULT-VALUE}).")
    private int evaluateEvery;

    @Option(
            names = "--patience",
            defaultValue = "3",
            description = "Looks without improvement after which it stops (default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(
            names = "--checkpoint-every",
            defaultValue = "100",
            description = "Steps between two checkpoints to continue from, 0 for none (default: ${DEFAULT-VALUE}).")
    private int checkpointEvery;

    @Option(names = "--seed", defaultValue = "1", description = "Order of the text (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--threads", description = "Threads (default: all processors). The bytes depend on their number.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--dp", description = "Train with differential privacy (DP-SGD).")
    private boolean dp;

    @Option(names = "--epsilon", description = "With --dp: what the run may cost.")
    private @Nullable Double epsilon;

    @Option(
            names = "--delta",
            description = "With --dp: the probability with which the bound may fail (default: 1e-5).")
    private @Nullable Double delta;

    @Option(
            names = {"--delta-out", "--write-delta"},
            paramLabel = "FILE",
            description =
                    "Also write the delta over the base, and beside it FILE.training.json: how it was trained, and"
                            + " what that guarantees. Publishing reads both.")
    private @Nullable Path deltaFile;

    @Option(names = "--ledger", description = "With --dp: the budget that the run is charged to (privacy budget).")
    private @Nullable Path ledger;

    @Option(names = "--run", description = "With --dp: the run's name in the ledger (default: the output folder's).")
    private @Nullable String run;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    TrainCommand() {}

    @Override
    public Integer call() throws Exception {
        TrainOptions options = options();
        requireFolder();
        Clock clock = Clock.systemUTC();
        Instant started = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        TrainReport report;
        try (TrainingBar bar = new TrainingBar(output)) {
            report = Trainer.train(base, text, out, options, new SecureRandom(), bar);
        }
        Optional<Path> file = Optional.ofNullable(deltaFile);
        if (file.isPresent()) {
            delta(options.method(), file.get());
            Instant finished = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            // A clock that was set back meanwhile must not lose the run.
            record(file.get(), report, options.rate(), started, finished.isBefore(started) ? started : finished)
                    .write(TrainingRecord.beside(file.get()));
        }
        print(report, file);
        return 0;
    }

    /** A typing error should not show only after the training. */
    private void requireFolder() {
        if (deltaFile != null) {
            Path folder = deltaFile.toAbsolutePath().getParent();
            if (folder == null || !Files.isDirectory(folder)) {
                throw CommandException.usage("--delta-out %s: there is no folder %s".formatted(deltaFile, folder));
            }
        }
    }

    private TrainingRecord record(Path file, TrainReport report, double rate, Instant started, Instant finished)
            throws IOException {
        long baseBytes = 0;
        try (Checkpoint checkpoint = Checkpoint.open(base)) {
            for (Tensor tensor : checkpoint.tensors()) {
                baseBytes += tensor.data().byteSize();
            }
        }
        try (DeltaFile delta = DeltaFile.open(file)) {
            return new TrainingRecord(
                    Bytes32.of(delta.header().metadata().baseHash().bytes()),
                    Bytes32.of(delta.fileHash().bytes()),
                    report.method(),
                    report.steps(),
                    report.privacy().isPresent() ? Optional.empty() : Optional.of(report.tokens()),
                    report.parameters(),
                    decimal(rate),
                    report.loss().isPresent()
                            ? Optional.of(decimal(report.loss().getAsDouble()))
                            : Optional.empty(),
                    decimal((double) baseBytes / delta.size()),
                    report.privacy().map(PrivacyClaim::of),
                    Optional.empty(),
                    started,
                    finished);
        }
    }

    private static String decimal(double value) {
        return SignedEvaluation.decimal(new BigDecimal(value, new MathContext(6, RoundingMode.HALF_EVEN)));
    }

    private void delta(Method learnt, Path file) throws Exception {
        switch (learnt) {
            case Method.Full full ->
                DeltaCompressor.compress(
                        base,
                        /* finetuned= */ out,
                        /* out= */ file,
                        CompressOptions.defaults().withThreads(threads),
                        Progress.NONE);
            case Method.Lora lora -> LoraImporter.importAdapter(base, out, file, 4, threads);
            case Method.Core core ->
                Files.copy(out.resolve("core.bitdelta"), file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void print(TrainReport report, Optional<Path> file) {
        Map<String, Object> result = new LinkedHashMap<>();
        report.loss().ifPresent(loss -> result.put("loss", loss));
        report.heldLoss().ifPresent(loss -> result.put("heldLoss", loss));
        result.put("steps", report.steps());
        report.resumedAt().ifPresent(step -> result.put("resumedAt", step));
        result.put("epsilon", report.privacy().map(PrivacyStatement::epsilon).orElse(0.0));
        result.put("seconds", report.seconds());
        result.put("method", report.method());
        result.put("tokens", report.tokens());
        result.put("parameters", report.parameters());
        result.put("stoppedEarly", report.stoppedEarly());
        report.privacy().ifPresent(statement -> result.put("privacy", statement.members()));
        result.put("out", out.toString());
        file.ifPresent(path -> result.put("delta", path.toString()));
        output.result(result, lines -> {
            report.loss().ifPresent(loss -> lines.printf("loss       %.4f nats per token%n", loss));
            report.heldLoss()
                    .ifPresent(loss ->
                            lines.printf("held out   %.4f nats per token, perplexity %.2f%n", loss, Math.exp(loss)));
            lines.printf(
                    "steps      %d%s%s%n",
                    report.steps(),
                    report.stoppedEarly() ? ", stopped early" : "",
                    report.resumedAt().isPresent()
                            ? ", continued at " + report.resumedAt().getAsInt()
                            : "");
            lines.printf("learnt     %,d numbers from %,d tokens%n", report.parameters(), report.tokens());
            report.privacy()
                    .ifPresent(statement -> lines.printf(
                            "privacy    epsilon %.3f, delta %s, noise %.4f%n           %s%n",
                            statement.epsilon(), statement.delta(), statement.noise(), statement.json()));
            lines.printf("written    %s%n", out);
            file.ifPresent(path -> lines.printf("delta      %s%n", path));
            lines.printf("time       %.1f s%n", report.seconds());
        });
    }

    private TrainOptions options() {
        if (!dp && (epsilon != null || delta != null || ledger != null || run != null)) {
            throw CommandException.usage("--epsilon, --delta, --ledger and --run belong to --dp");
        }
        Method learnt = learnt();
        return new TrainOptions(
                learnt,
                steps,
                batch,
                accumulate,
                length,
                rate == null ? defaultRate(learnt) : rate,
                warmup,
                decay,
                clip,
                seed,
                held == null ? (dp ? 0 : 0.05) : held,
                evaluateEvery,
                patience,
                checkpointEvery,
                threads,
                dp ? Optional.of(privacy()) : Optional.empty());
    }

    private PrivateOptions privacy() {
        if (epsilon == null || ledger == null) {
            throw CommandException.usage(
                    "--dp needs --epsilon and --ledger; make a ledger with: bitdelta privacy budget");
        }
        double probability = delta == null ? 1e-5 : delta;
        Path folder = out.toAbsolutePath().normalize().getFileName();
        return new PrivateOptions(epsilon, probability, clip, ledger, run == null ? String.valueOf(folder) : run);
    }

    private Method learnt() {
        return switch (method) {
            case "full" -> new Method.Full();
            case "lora" -> {
                int used = rank == null ? 8 : rank;
                yield new Method.Lora(used, alpha == null ? 2.0 * used : alpha, projections());
            }
            case "core" -> new Method.Core(rank == null ? 16 : rank, coreBits);
            default -> throw CommandException.usage("--method " + method + ": use full, lora or core");
        };
    }

    private static double defaultRate(Method learnt) {
        return switch (learnt) {
            case Method.Full full -> 3e-4;
            case Method.Lora lora -> 2e-3;
            case Method.Core core -> 1e-2;
        };
    }

    private List<Projection> projections() {
        if (targets.isEmpty()) {
            return List.of(Projection.values());
        }
        return targets.stream()
                .map(target -> Arrays.stream(Projection.values())
                        .filter(p -> p.module().endsWith("." + target))
                        .findFirst()
                        .orElseThrow(() -> CommandException.usage("--targets " + target
                                + ": use q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj," + " down_proj")))
                .toList();
    }
}
