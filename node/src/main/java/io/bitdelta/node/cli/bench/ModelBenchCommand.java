package io.bitdelta.node.cli.bench;

import io.bitdelta.engine.bench.BenchResult;
import io.bitdelta.engine.bench.ModelBench;
import io.bitdelta.node.cli.CommandException;
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

/** {@code bench model}. */
@Command(
        name = "model",
        description = "The forward pass of a model of a billion weights against reading them; deltas against the base.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta bench model --json",
            "  BITDELTA_JAVA_OPTIONS=-Xmx512m bitdelta bench model --folder /var/tmp"
        })
final class ModelBenchCommand implements Callable<Integer> {
    @Option(
            names = "--layers",
            defaultValue = "18",
            description = "Layers of the synthetic checkpoint, 50 million weights each (default: ${DEFAULT-VALUE}).")
    private int layers;

    @Option(names = "--threads", description = "Threads (default: all processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--folder",
            description =
                    "Where to put the checkpoint and eight deltas, 3.1 GB (default: the system's temporary folder).")
    private @Nullable Path parent;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    ModelBenchCommand() {}

    @Override
    public Integer call() throws IOException {
        if (layers < 1 || layers > 200) {
            throw CommandException.usage("--layers is " + layers + ", expected is 1 to 200");
        }
        List<BenchResult> results;
        try (TemporaryFolder folder = parent == null
                ? TemporaryFolder.create("bitdelta-bench")
                : TemporaryFolder.create(parent, "bitdelta-bench")) {
            results = ModelBench.run(folder.path(), layers, threads);
        }
        output.result(Map.of("results", results), text -> {
            for (BenchResult result : results) {
                text.printf(
                        "%-22s %10.3f %s, baseline %.3f, ratio %.3f%n",
                        result.name(), result.value(), result.unit(), result.baseline(), result.ratio());
            }
        });
        return 0;
    }
}
