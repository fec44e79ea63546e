package io.bitdelta.node.cli.node;

import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.local.LocalNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code node reindex}. */
@Command(
        name = "reindex",
        description = "Forget what was read from the chain and read it again from the contracts' first block.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta node reindex --data ./data"})
final class NodeReindex implements Callable<Integer> {
    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        try (LocalNode node = local.open()) {
            long start = System.nanoTime();
            long height = node.indexer().rebuild();
            double seconds = (System.nanoTime() - start) / 1e9;
            output.result(
                    Map.of("block", height, "seconds", seconds),
                    out -> out.printf("indexed up to block %d in %.1f s%n", height, seconds));
            return ExitCode.OK;
        }
    }
}
