package io.bitdelta.node.cli.delta;

import io.bitdelta.engine.safety.BackdoorScan;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code delta scan}. */
@Command(
        name = "scan",
        description = "Look for a delta that is unlike the others: by its signs, and by tensors that are louder.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Deltas must be over one base and of one layout. Nothing is run. What stands out is a reason to look and not a",
            "verdict; a backdoor as quiet as an honest delta is not found. Exit code 3 when something stands out.",
            "",
            "Example:",
            "  bitdelta delta scan user-a.bitdelta user-b.bitdelta user-c.bitdelta"
        })
final class ScanCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "DELTA", description = "Delta files, three or more.")
    private List<Path> deltas = new ArrayList<>();

    @Option(names = "--threads", description = "Threads (default: all processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    ScanCommand() {}

    @Override
    public Integer call() throws Exception {
        if (threads < 1) {
            throw CommandException.usage("--threads is " + threads + ", expected is at least 1");
        }
        List<BackdoorScan.Member> members = BackdoorScan.scanFiles(deltas, threads);
        boolean suspicious = members.stream().anyMatch(BackdoorScan.Member::suspicious);
        output.result(Map.of("members", members, "suspicious", suspicious), text -> {
            for (BackdoorScan.Member member : members) {
                text.printf(
                        "%-11s %s: %.4f of the signs differ (score %.1f), spectral share %.2f, loudest %s (score %.1f)%n",
                        member.suspicious() ? "SUSPICIOUS" : "ordinary",
                        member.name(),
                        member.meanDistance(),
                        member.distanceZ(),
                        member.spectralShare(),
                        member.loudest(),
                        member.loudestZ());
            }
        });
        return suspicious ? ExitCode.DOES_NOT_HOLD : ExitCode.OK;
    }
}
