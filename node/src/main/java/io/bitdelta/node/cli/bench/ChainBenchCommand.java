package io.bitdelta.node.cli.bench;

import io.bitdelta.node.chain.EmbeddedChain;
import io.bitdelta.node.cli.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench chain}. */
@Command(
        name = "chain",
        description = {
            "Gas of whole transactions on a chain of its own, for soups of 10, 100, 1000 and 1024 members.",
            "The baseline is what others use for the same (EAS, 0xSplits, 1inch), else the design's target.",
            "Names without a number of members are for 1024."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta bench chain --json"})
final class ChainBenchCommand implements Callable<Integer> {
    private static final List<Integer> SIZES = List.of(10, 100, 1000, 1024);

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the field
    ChainBenchCommand() {}

    @Override
    public Integer call() throws IOException {
        Path anvil = Path.of(System.getProperty("bitdelta.home", "."), "contracts", "node_modules", ".bin", "anvil");
        Path folder = Files.createTempDirectory("bitdelta-bench");
        List<ChainRow> rows;
        try (EmbeddedChain chain = EmbeddedChain.start(folder, anvil, 0, Clock.systemUTC())) {
            rows = new ChainBench(chain, SIZES).run();
        } finally {
            clean(folder);
        }
        output.result(Map.of("results", rows), text -> {
            text.printf("%-26s %9s %9s %8s  %s%n", "transaction", "gas", "target", "ratio", "to");
            for (ChainRow row : rows) {
                text.printf(
                        "%-26s %9.0f %9s %8.3f  %.0f %s%n",
                        row.name(),
                        row.value(),
                        (row.value() > row.target() ? "! " : "") + row.target(),
                        row.ratio(),
                        row.baseline(),
                        row.against());
            }
        });
        return 0;
    }

    private static void clean(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
