package io.bitdelta.node.cli.delta;

import io.bitdelta.engine.codec.ApplyReport;
import io.bitdelta.engine.codec.DeltaApplier;
import io.bitdelta.engine.codec.InPlaceApplier;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.TerminalProgress;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code delta apply}. */
@Command(
        name = "apply",
        description = "Rebuild a checkpoint from a base and a delta.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta delta apply user-a.bitdelta --base models/tiny-qwen3/base --out user-a-rebuilt",
            "  bitdelta delta apply user-a.bitdelta --base copy-of-base --in-place"
        })
final class ApplyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DELTA", description = "The delta file.")
    private Path delta;

    @Option(names = "--base", required = true, description = "The base: a folder or file of safetensors.")
    private Path base;

    @ArgGroup(multiplicity = "1")
    private Target target;

    private static final class Target {
        @Option(names = "--out", required = true, description = "The folder to write the checkpoint to.")
        private @Nullable Path out;

        @Option(
                names = "--in-place",
                required = true,
                description = "Change the base's own files, memory-mapped. Cut off, the same command finishes the work;"
                        + " until then no command opens that checkpoint.")
        private boolean inPlace;

        Target() {}
    }

    @Option(names = "--threads", description = "Threads (default: all processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    ApplyCommand() {}

    @Override
    public Integer call() throws Exception {
        long work;
        try (Checkpoint checkpoint = Checkpoint.openUnfinished(base)) {
            work = 2 * checkpoint.bytes();
        }
        ApplyReport report;
        try (TerminalProgress bar = TerminalProgress.start("apply", work)) {
            report = target.inPlace
                    ? InPlaceApplier.apply(delta, base, threads, bar::add)
                    : DeltaApplier.apply(delta, base, Objects.requireNonNull(target.out), threads, bar::add);
        }
        output.result(report, text -> {
            text.printf("checkpoint %s (%,d bytes)%n", report.out(), report.bytes());
            text.printf("tensors    %d, changed %d%n", report.tensors(), report.changed());
            text.printf("base       %s%n", report.baseHash());
            text.printf("time       %.2f s%n", report.seconds());
        });
        return 0;
    }
}
