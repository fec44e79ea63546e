package io.bitdelta.node.cli.store;

import io.bitdelta.ipfs.pin.GarbageCollector;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.Output;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code store gc}. */
@Command(
        name = "gc",
        description = "Removes blocks that no pin keeps. Waits for running imports.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: bitdelta store gc --wait 60"})
final class GcCommand implements Callable<Integer> {
    @Mixin
    private DataFolder data;

    @Mixin
    private Output output;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long to wait for running imports (default: ${DEFAULT-VALUE}).",
            defaultValue = "30")
    private long wait;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    GcCommand() {}

    @Override
    public Integer call() throws IOException {
        if (wait < 0) {
            throw CommandException.usage("--wait is a number of seconds, not " + wait);
        }
        GarbageCollector.Report report = data.open().gc(Duration.ofSeconds(wait));
        output.result(
                report,
                out -> out.println("removed " + report.removed() + " blocks (" + report.bytes() + " bytes), kept "
                        + report.kept()));
        return 0;
    }
}
