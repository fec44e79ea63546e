package io.bitdelta.node.cli.store;

import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.pin.ScrubReport;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.TerminalProgress;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code store verify}. */
@Command(
        name = "verify",
        description = "Reads and hashes every block and checks that everything pinned is there; exit 3 if not.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: bitdelta store verify --json"})
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private DataFolder data;

    @Mixin
    private Output output;

    @Option(
            names = "--repair",
            description = "Bring back damaged and missing blocks from where the store keeps copies, then check again.")
    private boolean repair;

    @Option(
            names = "--repair-from",
            paramLabel = "URL",
            description = "As --repair, and from these trustless gateways.")
    private List<URI> gateways = List.of();

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    VerifyCommand() {}

    private record Problem(String cid, String problem, String detail) {}

    private record Result(boolean ok, int blocks, long bytes, List<Problem> findings) {}

    @Override
    public Integer call() throws IOException {
        ContentStore store = data.open();
        ScrubReport report = scrub(store);
        if (repair || !gateways.isEmpty()) {
            List<BlockSource> others = gateways.isEmpty()
                    ? List.of()
                    : List.of(Gateways.of(gateways).blocks());
            // A missing node hides what hangs under it, so repairing goes on while it brings something back.
            while (!report.ok() && store.repair(report, others) > 0) {
                report = scrub(store);
            }
        }
        return print(report);
    }

    private static ScrubReport scrub(ContentStore store) throws IOException {
        try (TerminalProgress progress =
                TerminalProgress.start("store verify", store.blocks().storedBytes())) {
            return store.verify(progress::add);
        }
    }

    private int print(ScrubReport report) {
        List<Problem> problems = report.findings().stream()
                .map(each -> new Problem(
                        each.cid().toString(), each.problem().toString().toLowerCase(Locale.ROOT), each.detail()))
                .toList();
        output.result(new Result(report.ok(), report.checked().size(), report.bytes(), problems), out -> {
            problems.forEach(each -> out.println(each.problem + ": " + each.detail));
            out.println(report.checked().size() + " blocks, " + report.bytes() + " bytes: "
                    + (report.ok() ? "all verified" : problems.size() + " problems"));
        });
        return report.ok() ? ExitCode.OK : ExitCode.DOES_NOT_HOLD;
    }
}
