package io.bitdelta.node.cli.bench;

import io.bitdelta.engine.bench.BenchResult;
import io.bitdelta.engine.bench.ModelBench;
import io.bitdelta.engine.bench.ModelRow;
import io.bitdelta.engine.bench.TrainingBench;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.config.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench model}. */
@Command(
        name = "model",
        description =
                "The forward pass of a model of a billion weights against reading them, deltas against the base; and"
                        + " of the tiny model the first token, calibration and a private training step.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta bench model --json",
            "  bitdelta bench model --only decode,decode-delta-f32",
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

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "ROW",
            description = "Measure these rows alone: decode, decode-delta-f32, decode-delta-int8, batch-8, switch,"
                    + " first-mapping, prefill, calibrate-tiny, dp-step, first-token.")
    private List<String> only = List.of();

    @Option(
            names = "--text",
            paramLabel = "FILE",
            description = "A text for the rows that train (default: the project's own documents).")
    private @Nullable Path text;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    ModelBenchCommand() {}

    @Override
    public Integer call() throws IOException {
        if (layers < 1 || layers > 200) {
            throw CommandException.usage("--layers is " + layers + ", expected is 1 to 200");
        }
        Set<ModelRow> rows = rows();
        Path home = Path.of(System.getProperty("bitdelta.home", "."));
        Path tiny = home.resolve("models").resolve("tiny-qwen3");
        Path training = text == null ? home.resolve("docs").resolve("operations.md") : text;
        List<BenchResult> results;
        try (TemporaryFolder folder = parent == null
                ? TemporaryFolder.create("bitdelta-bench")
                : TemporaryFolder.create(parent, "bitdelta-bench")) {
            results = new ArrayList<>(ModelBench.run(folder.path(), layers, threads, rows));
            results.addAll(TrainingBench.run(
                    tiny.resolve("base"), tiny.resolve("user-a"), training, folder.path(), threads, rows));
        }
        if (rows.contains(ModelRow.FIRST_TOKEN)) {
            results.add(FirstToken.measure(home, tiny.resolve("base")));
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

    private Set<ModelRow> rows() {
        if (only.isEmpty()) {
            return EnumSet.allOf(ModelRow.class);
        }
        return only.stream()
                .map(name -> ModelRow.named(name)
                        .orElseThrow(() -> CommandException.usage("--only " + name + ": use "
                                + Arrays.stream(ModelRow.values())
                                        .map(ModelRow::text)
                                        .collect(Collectors.joining(", ")))))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(ModelRow.class)));
    }
}
