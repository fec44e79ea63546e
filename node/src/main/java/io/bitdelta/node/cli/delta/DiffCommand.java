package io.bitdelta.node.cli.delta;

import io.bitdelta.engine.codec.DeltaDiff;
import io.bitdelta.engine.codec.DiffReport;
import io.bitdelta.node.cli.Output;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code delta diff}. */
@Command(
        name = "diff",
        description = "Hamming distance between the signs of two deltas, per tensor.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta delta diff user-a.bitdelta user-b.bitdelta"})
final class DiffCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "X", description = "A delta file.")
    private Path first;

    @Parameters(index = "1", paramLabel = "Y", description = "Another.")
    private Path second;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    DiffCommand() {}

    @Override
    public Integer call() throws Exception {
        DiffReport report = DeltaDiff.diff(first, second);
        output.result(report, text -> {
            text.printf(
                    "distance  %,d of %,d signs%s%n",
                    report.hamming(), report.weights(), report.sameBase() ? "" : "; the bases differ");
            report.tensors()
                    .forEach(t ->
                            text.printf("%-52s %,d of %,d (%.4f)%n", t.name(), t.hamming(), t.weights(), t.fraction()));
            report.onlyFirst().forEach(name -> text.printf("only X    %s%n", name));
            report.onlySecond().forEach(name -> text.printf("only Y    %s%n", name));
        });
        return 0;
    }
}
