package io.bitdelta.node.cli.bench;

import io.bitdelta.engine.bench.BenchResult;
import io.bitdelta.engine.bench.CodecBench;
import io.bitdelta.engine.bench.ResidentMemory;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.config.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench codec}. */
@Command(
        name = "codec",
        description = "Compress and apply kernels against reading and copying memory; commands against SHA-256.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta bench codec --json",
            "  bitdelta bench codec --memory-mib 3200   peak memory of compressing a pair of 6.25 GiB"
        })
final class CodecBenchCommand implements Callable<Integer> {
    @Option(
            names = "--kernel-mib",
            defaultValue = "512",
            description = "Memory of each side of the kernel rows in MiB (default: ${DEFAULT-VALUE}).")
    private int kernelMib;

    @Option(
            names = "--command-mib",
            defaultValue = "512",
            description = "Size of each synthetic checkpoint in MiB (default: ${DEFAULT-VALUE}).")
    private int commandMib;

    @Option(
            names = "--memory-mib",
            paramLabel = "MIB",
            description =
                    "Instead of speed: the peak memory, without file pages, of compressing checkpoints of this size.")
    private @Nullable Integer memoryMib;

    @Option(
            names = "--folder",
            description =
                    "Where to put synthetic checkpoints, 2.1 times their size (default: the system's temporary folder).")
    private @Nullable Path parent;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    CodecBenchCommand() {}

    @Override
    public Integer call() throws IOException {
        List<BenchResult> results;
        try (TemporaryFolder folder = parent == null
                ? TemporaryFolder.create("bitdelta-bench")
                : TemporaryFolder.create(parent, "bitdelta-bench")) {
            results = memoryMib == null
                    ? CodecBench.run(folder.path(), (long) kernelMib << 20, (long) commandMib << 20)
                    : List.of(ResidentMemory.measure(folder.path(), (long) memoryMib << 20, 1));
        }
        output.result(Map.of("results", results), text -> {
            for (BenchResult result : results) {
                text.printf(
                        "%-22s %8.2f %s, baseline %8.2f, ratio %.2f%n",
                        result.name(), result.value(), result.unit(), result.baseline(), result.ratio());
            }
        });
        return 0;
    }
}
