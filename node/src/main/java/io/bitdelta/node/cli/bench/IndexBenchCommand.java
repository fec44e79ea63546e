package io.bitdelta.node.cli.bench;

import io.bitdelta.node.chain.EmbeddedChain;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.config.TemporaryFolder;
import io.bitdelta.node.local.LocalNode;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        try (TemporaryFolder folder = TemporaryFolder.create("bitdelta-bench");
                LocalNode node = LocalNode.open(
                        folder.path().resolve("node"), NodeConfig.defaults(), Optional.empty(), Clock.systemUTC())) {
            EmbeddedChain chain = node.embeddedChain().orElseThrow();
            IndexBench bench = new IndexBench(chain, node.deployment(), folder.path());
            bench.publish(events);
            IndexBench.Speed speed = bench.run();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", "backfill-sqlite");
            row.put("value", speed.indexed());
            row.put("unit", "events/s");
            row.put("baseline", speed.fetched());
            row.put("ratio", speed.indexed() / speed.fetched());
            output.result(
                    Map.of("results", List.of(row)),
                    out -> out.printf(
                            "backfill-sqlite %.0f events/s of %d; fetching alone %.0f events/s, ratio %.2f%n",
                            speed.indexed(), events, speed.fetched(), speed.indexed() / speed.fetched()));
        }
        return ExitCode.OK;
    }
}
