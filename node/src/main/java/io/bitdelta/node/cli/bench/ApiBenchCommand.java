package io.bitdelta.node.cli.bench;

import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.config.TemporaryFolder;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.store.Database;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench api}. */
@Command(
        name = "api",
        description = {
            "Lookups a second over HTTP against an empty Vert.x route, by the same client in the same run.",
            "did-lookup resolves random identities, deltas-of-did lists their deltas; while they run, a block each second"
                    + " touches ten identities. The -cold rows ask for each identity for the first time.",
            "start-to-ready: seconds until a node whose database holds the identities says that it is ready; the baseline is"
                    + " the target.",
            "publish-batched: signed publications a second until they are final on a chain of its own, against raw batched"
                    + " transactions on the same chain."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta bench api --json"})
final class ApiBenchCommand implements Callable<Integer> {
    @Option(
            names = "--dids",
            defaultValue = "100000",
            paramLabel = "N",
            description = "Identities in the database; 0 leaves the lookups out (default: ${DEFAULT-VALUE}).")
    private int dids;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            paramLabel = "N",
            description = "How long did-lookup runs; everything else runs a third of it (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--publications",
            defaultValue = "400",
            paramLabel = "N",
            description = "Publications of publish-batched; 0 leaves it out (default: ${DEFAULT-VALUE}).")
    private int publications;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    ApiBenchCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<ApiRow> rows = new ArrayList<>();
        if (dids > 0) {
            try (TemporaryFolder folder = TemporaryFolder.create("bitdelta-bench");
                    Database database = Database.sqlite(folder.path().resolve("bench.sqlite"));
                    LookupBench bench = new LookupBench(database, folder.path(), dids)) {
                rows.addAll(bench.run(seconds));
            }
        }
        if (dids > 0) {
            try (TemporaryFolder folder = TemporaryFolder.create("bitdelta-bench")) {
                rows.add(new StartBench(folder.path().resolve("node"), dids).run());
            }
        }
        if (publications > 0) {
            try (TemporaryFolder folder = TemporaryFolder.create("bitdelta-bench");
                    LocalNode node = LocalNode.open(
                            folder.path().resolve("node"),
                            NodeConfig.defaults(),
                            Optional.empty(),
                            Clock.systemUTC())) {
                rows.add(new PublishBench(node, folder.path()).run(publications));
            }
        }
        output.result(
                Map.of("results", rows),
                text -> rows.forEach(row -> text.printf(
                        "%-20s %8.2f %s, baseline %8.2f, ratio %.2f (by processor time %.2f), p50 %.2f ms, p99 %.2f ms, errors %d, load %.1f%n",
                        row.name(),
                        row.value(),
                        row.unit(),
                        row.baseline(),
                        row.ratio(),
                        row.processorRatio(),
                        row.p50Ms(),
                        row.p99Ms(),
                        row.errors(),
                        row.loadAverage())));
        return ExitCode.OK;
    }
}
