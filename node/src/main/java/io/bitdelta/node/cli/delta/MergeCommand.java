package io.bitdelta.node.cli.delta;

import io.bitdelta.engine.codec.DeltaMerger;
import io.bitdelta.node.cli.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code delta merge}. */
@Command(
        name = "merge",
        description = "Combine deltas of one base: tensors of one are taken over, shared sign tensors are averaged.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta delta merge --out both.bitdelta user-a.bitdelta user-b.bitdelta"})
final class MergeCommand implements Callable<Integer> {
    @Parameters(arity = "2..*", paramLabel = "DELTA", description = "The delta files.")
    private List<Path> deltas;

    @Option(names = "--out", required = true, description = "The delta file to write.")
    private Path out;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    MergeCommand() {}

    @Override
    public Integer call() throws Exception {
        WriteReportText.print(
                output, out, DeltaMerger.merge(deltas, out, Runtime.getRuntime().availableProcessors()));
        return 0;
    }
}
