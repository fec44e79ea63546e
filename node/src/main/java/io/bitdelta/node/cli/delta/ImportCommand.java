package io.bitdelta.node.cli.delta;

import io.bitdelta.engine.foreign.ForeignImporter;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.Output;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code delta import}. */
@Command(
        name = "import",
        description = "Read a delta that another program has saved.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta delta import --base base/ --torch diff.pt --out x.bitdelta",
            "  bitdelta delta import --base base/ --bdlt model.layers.0.mlp.up_proj.weight=up.bdlt --out x.bitdelta"
        })
final class ImportCommand implements Callable<Integer> {
    @Option(names = "--base", required = true, description = "The base: a folder or file of safetensors.")
    private Path base;

    @Option(names = "--torch", description = "An archive of the reference implementation of BitDelta.")
    private @Nullable Path torch;

    @Option(names = "--bdlt", paramLabel = "TENSOR=FILE", description = "A BDLT blob for a tensor; may be repeated.")
    private Map<String, Path> bdlt = new LinkedHashMap<>();

    @Option(names = "--out", required = true, description = "The delta file to write.")
    private Path out;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    ImportCommand() {}

    @Override
    public Integer call() throws Exception {
        if ((torch == null) == bdlt.isEmpty()) {
            throw CommandException.usage("name either --torch or --bdlt");
        }
        WriteReportText.print(
                output,
                out,
                torch != null
                        ? ForeignImporter.importTorch(base, torch, out)
                        : ForeignImporter.importBdlt(base, bdlt, out));
        return 0;
    }
}
