package io.bitdelta.node.cli.bench;

import io.bitdelta.ipfs.Secret;
import io.bitdelta.node.chain.EmbeddedChain;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.config.TemporaryFolder;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.store.DatabaseSettings;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench index}. */
@Command(
        name = "index",
        description = {
            "Events per second that the index reads from a chain of its own into a new SQLite file, all of them publications.",
            "The baseline is fetching the same logs and throwing them away."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta bench index --events 20000 --json"})
final class IndexBenchCommand implements Callable<Integer> {
    @Option(names = "--events", paramLabel = "N", defaultValue = "20000", description = "Default: ${DEFAULT-VALUE}.")
    private int events = 20_000;

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = "An empty PostgreSQL to fill, jdbc:postgresql://host:port/name; default: a new SQLite file.")
    private @Nullable String database;

    @Option(
            names = "--database-user",
            paramLabel = "NAME",
            defaultValue = "postgres",
            description =
                    "Default: ${DEFAULT-VALUE}. A password comes from the environment variable BITDELTA_DB_PASSWORD.")
    private String user = "postgres";

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        try (TemporaryFolder folder = TemporaryFolder.create("bitdelta-bench");
                LocalNode node = LocalNode.open(
                        folder.path().resolve("node"), NodeConfig.defaults(), Optional.empty(), Clock.systemUTC())) {
            EmbeddedChain chain = node.embeddedChain().orElseThrow();
            IndexBench bench = new IndexBench(chain, node.deployment());
            bench.publish(events);
            IndexBench.Speed speed = bench.run(settings(folder.path().resolve("index.sqlite")));
            String name = database == null ? "backfill-sqlite" : "backfill-postgresql";
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", name);
            row.put("value", speed.indexed());
            row.put("unit", "events/s");
            row.put("baseline", speed.fetched());
            row.put("ratio", speed.indexed() / speed.fetched());
            row.put("events", speed.events());
            row.put("perProcessorSecond", speed.perProcessorSecond());
            row.put("loadAverage", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
            output.result(
                    Map.of("results", List.of(row)),
                    out -> out.printf(
                            "%s %.0f events/s of %d (%.0f in a second of processor time); fetching alone %.0f events/s, ratio %.2f%n",
                            name,
                            speed.indexed(),
                            speed.events(),
                            speed.perProcessorSecond(),
                            speed.fetched(),
                            speed.indexed() / speed.fetched()));
        }
        return ExitCode.OK;
    }

    private DatabaseSettings settings(Path file) {
        if (database == null) {
            return new DatabaseSettings.Sqlite(file);
        }
        boolean secret = System.getenv("BITDELTA_DB_PASSWORD") != null;
        return new DatabaseSettings.Postgresql(
                database, user, secret ? Secret.parse("env:BITDELTA_DB_PASSWORD") : null, 4);
    }
}
