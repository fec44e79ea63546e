package io.bitdelta.node.cli.delta;

import io.bitdelta.engine.codec.Check;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.codec.DeltaVerifier;
import io.bitdelta.engine.codec.VerifyReport;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.TerminalProgress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code delta verify}. */
@Command(
        name = "verify",
        description =
                "Check a delta file; with its weights, recompute it and compare every byte. Exit code 3: it does not"
                        + " hold.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  bitdelta delta verify user-a.bitdelta --base models/tiny-qwen3/base \\",
            "    --finetuned models/tiny-qwen3/user-a"
        })
final class VerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DELTA", description = "The delta file.")
    private Path delta;

    @Option(names = "--base", description = "The base: a folder or file of safetensors.")
    private @Nullable Path base;

    @Option(names = "--finetuned", description = "The fine-tune; needs --base.")
    private @Nullable Path finetuned;

    @Option(names = "--threads", description = "Threads (default: all processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    VerifyCommand() {}

    @Override
    public Integer call() throws Exception {
        if (finetuned != null && base == null) {
            throw CommandException.usage("--finetuned needs --base: recomputing takes both");
        }
        long work = base != null && finetuned != null ? DeltaCompressor.work(base, finetuned) : 1;
        VerifyReport report;
        try (TerminalProgress bar = TerminalProgress.start("verify", work)) {
            report = DeltaVerifier.verify(
                    delta, Optional.ofNullable(base), Optional.ofNullable(finetuned), threads, bar::add);
        }
        output.result(report, text -> {
            for (Check check : report.checks()) {
                text.printf("%-4s %-12s %s%n", check.ok() ? "ok" : "FAIL", check.name(), check.detail());
            }
        });
        return report.ok() ? ExitCode.OK : ExitCode.DOES_NOT_HOLD;
    }
}
