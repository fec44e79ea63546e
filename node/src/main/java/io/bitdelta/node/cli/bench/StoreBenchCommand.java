package io.bitdelta.node.cli.bench;

import io.bitdelta.ipfs.bench.StoreBench;
import io.bitdelta.ipfs.bench.StoreBenchResult;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.store.LaneSha256;
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

/** {@code bench store}. */
@Command(
        name = "store",
        description = "Durable import and verified read against SHA-256 of the same bytes.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta bench store --mib 1024 --json"})
final class StoreBenchCommand implements Callable<Integer> {
    @Option(
            names = "--mib",
            defaultValue = "1024",
            description = "Size of the file in MiB (default: ${DEFAULT-VALUE}).")
    private int mib;

    @Option(names = "--folder", description = "Where to measure (default: the system's temporary folder).")
    private @Nullable Path parent;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    StoreBenchCommand() {}

    @Override
    public Integer call() throws IOException {
        List<StoreBenchResult> results;
        try (TemporaryFolder folder = parent == null
                ? TemporaryFolder.create("bitdelta-bench")
                : TemporaryFolder.create(parent, "bitdelta-bench")) {
            results = StoreBench.run(folder.path(), (long) mib << 20, LaneSha256.whereFaster());
        }
        output.result(Map.of("results", results), text -> {
            for (StoreBenchResult result : results) {
                text.printf(
                        "%-22s %8.2f %s, baseline %8.2f, ratio %.2f%n",
                        result.name(), result.value(), result.unit(), result.baseline(), result.ratio());
            }
        });
        return 0;
    }
}
