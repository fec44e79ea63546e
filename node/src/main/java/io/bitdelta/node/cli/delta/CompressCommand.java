package io.bitdelta.node.cli.delta;

import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.CompressReport;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.codec.Granularity;
import io.bitdelta.engine.codec.RestPolicy;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.TerminalProgress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code delta compress}. */
@Command(
        name = "compress",
        description = "Compress a fine-tune against its base into a delta file.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  bitdelta delta compress --base models/tiny-qwen3/base \\",
            "    --finetuned models/tiny-qwen3/user-a --out user-a.bitdelta"
        })
final class CompressCommand implements Callable<Integer> {
    @Option(names = "--base", required = true, description = "The base: a folder or file of safetensors.")
    private Path base;

    @Option(names = "--finetuned", required = true, description = "The fine-tune: a folder or file of safetensors.")
    private Path finetuned;

    @Option(names = "--out", required = true, description = "The delta file to write.")
    private Path out;

    @Option(
            names = "--granularity",
            defaultValue = "row",
            description =
                    "Which weights share a scale: tensor, row, column, group:N, or auto for row or column per tensor"
                            + " (default: ${DEFAULT-VALUE}).")
    private String granularity;

    @Option(names = "--bits", defaultValue = "1", description = "Bits per weight, 1 to 4 (default: ${DEFAULT-VALUE}).")
    private int bits;

    @Option(names = "--clip", description = "Clamp deltas to this many standard deviations before scales are taken.")
    private @Nullable Double clip;

    @Option(
            names = "--scale-dtype",
            description = "Scales as f32 or f16, with --packed also u8: a byte each (default: f32, with --packed u8).")
    private @Nullable String scaleType;

    @Option(
            names = "--packed",
            description =
                    "The smallest file: the header leaves out what follows from the rest of it, scales take a byte"
                            + " each. Readers from before it refuse it.")
    private boolean packed;

    @Option(
            names = "--rest",
            defaultValue = "full",
            description = "Embeddings, head and norms: full (as they are), base (forget their change) or onebit"
                    + " (default: ${DEFAULT-VALUE}).")
    private String rest;

    @Option(
            names = "--include",
            paramLabel = "P",
            description = "Also compress tensors of this name; * stands for any text.")
    private List<String> include = new ArrayList<>();

    @Option(names = "--exclude", paramLabel = "P", description = "Never compress tensors of this name to signs.")
    private List<String> exclude = new ArrayList<>();

    @Option(
            names = "--budget",
            paramLabel = "BYTES",
            description =
                    "Choose bits, granularity and rank per tensor to fit so many bytes; matrices that --rest would store"
                            + " in full get fewer bits too.")
    private @Nullable Long budget;

    @Option(names = "--strict", description = "Refuse checkpoints of which one lacks a tensor of the other.")
    private boolean strict;

    @Option(names = "--rehash", description = "Hash the base even when its hash is known from an earlier run.")
    private boolean rehash;

    @Option(
            names = "--domain",
            defaultValue = "general",
            description = "What the delta is for (default: ${DEFAULT-VALUE}).")
    private String domain;

    @Option(names = "--threads", description = "Threads (default: all processors). The bytes do not depend on it.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    CompressCommand() {}

    @Override
    public Integer call() throws Exception {
        CompressOptions options = options();
        CompressReport report;
        try (TerminalProgress bar = TerminalProgress.start("compress", DeltaCompressor.work(base, finetuned))) {
            report = DeltaCompressor.compress(base, finetuned, out, options, bar::add);
        }
        output.result(report, text -> {
            text.printf("delta      %s%n", report.deltaHash());
            text.printf("file       %s (%,d bytes)%n", out, report.bytes());
            text.printf("file hash  %s%n", report.fileHash());
            text.printf("base       %s%n", report.baseHash());
            text.printf("fine-tune  %s (%,d bytes)%n", report.finetunedHash(), report.originalBytes());
            text.printf(
                    "ratio      %.2f; %.0f %% of the file are tensors stored in full%n",
                    report.ratio(), 100.0 * report.fullBytes() / report.bytes());
            text.printf("error      %.4f of the delta's norm%n", report.relativeError());
            text.printf("time       %.2f s, %.2f GiB/s%n", report.seconds(), report.gibPerSecond());
            report.choices()
                    .forEach(choice -> text.printf(
                            "choice     %s: %s %s %d bit%n",
                            choice.name(), choice.kind(), choice.granularity(), choice.bits()));
            report.curve()
                    .forEach(point ->
                            text.printf("curve      %,d bytes: error %.4f%n", point.bytes(), point.relativeError()));
            report.extra().forEach(name -> text.printf("extra      %s: not in the base, stored in full%n", name));
            report.missing().forEach(name -> text.printf("missing    %s: not in the fine-tune, left as it is%n", name));
        });
        return 0;
    }

    private CompressOptions options() {
        try {
            CompressOptions options = CompressOptions.defaults()
                    .withBits(bits)
                    .withClipSigma(clip == null ? OptionalDouble.empty() : OptionalDouble.of(clip))
                    .withRest(rest())
                    .withDomain(domain)
                    .withPatterns(include, exclude)
                    .withStrict(strict)
                    .withBudget(budget == null ? OptionalLong.empty() : OptionalLong.of(budget))
                    .withHashCache(rehash ? Optional.empty() : Optional.of(HashCacheFolder.path()))
                    .withThreads(threads);
            CompressOptions scaled = packed ? options.withPacking(scaleType()) : options.withScaleType(scaleType());
            return granularity.equals("auto")
                    ? scaled.withAutoGranularity()
                    : scaled.withGranularity(Granularity.parse(granularity)
                            .orElseThrow(() -> CommandException.usage(
                                    "--granularity " + granularity + ": use tensor, row, column, auto or group:N")));
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()));
        }
    }

    private Dtype scaleType() {
        return switch (scaleType) {
            case null -> packed ? Dtype.U8 : Dtype.F32;
            case "f32" -> Dtype.F32;
            case "f16" -> Dtype.F16;
            case "u8" -> {
                if (!packed) {
                    throw CommandException.usage("--scale-dtype u8: scales of a byte need --packed");
                }
                yield Dtype.U8;
            }
            default ->
                throw CommandException.usage("--scale-dtype " + scaleType + ": use f32 or f16, with --packed also u8");
        };
    }

    private RestPolicy rest() {
        return switch (rest) {
            case "full", "base", "onebit" -> RestPolicy.valueOf(rest.toUpperCase(Locale.ROOT));
            default -> throw CommandException.usage("--rest " + rest + ": use full, base or onebit");
        };
    }
}
