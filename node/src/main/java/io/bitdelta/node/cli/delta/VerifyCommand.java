package io.bitdelta.node.cli.delta;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.engine.codec.Check;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.codec.DeltaVerifier;
import io.bitdelta.engine.codec.VerifyReport;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.TerminalProgress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code delta verify}. */
@Command(
        name = "verify",
        description =
                "Check a delta file; with its weights, recompute it and compare every byte. Exit code 3: it does not"
                        + " hold.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta delta verify user-a.bitdelta --base models/tiny-qwen3/base \\",
            "    --finetuned models/tiny-qwen3/user-a",
            "  bitdelta delta verify user-a.bitdelta --manifest manifest.json"
        })
final class VerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DELTA", description = "The delta file.")
    private Path delta;

    @Option(names = "--base", description = "The base: a folder or file of safetensors.")
    private @Nullable Path base;

    @Option(names = "--finetuned", description = "The fine-tune; needs --base.")
    private @Nullable Path finetuned;

    @Option(
            names = "--manifest",
            description = "The manifest that should describe the file: its base, size, hashes, CID and commitment.")
    private @Nullable Path manifest;

    @Option(names = "--salt", description = "The commitment's salt, when the manifest does not hold it (0x-hex).")
    private @Nullable Bytes32 salt;

    @Option(names = "--rehash", description = "Hash the base even when its hash is known from an earlier run.")
    private boolean rehash;

    @Option(names = "--threads", description = "Threads (default: all processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    VerifyCommand() {}

    @Override
    public Integer call() throws Exception {
        if (finetuned != null && base == null) {
            throw CommandException.usage("--finetuned needs --base: recomputing takes both");
        }
        if (salt != null && manifest == null) {
            throw CommandException.usage("--salt is for a commitment that a manifest names: add --manifest");
        }
        // An unreadable manifest is the caller's mistake, and should not wait for the weights to be hashed.
        @Nullable Manifest expected = manifest == null ? null : ManifestChecks.read(manifest);
        long work = base != null && finetuned != null ? DeltaCompressor.work(base, finetuned) : 1;
        VerifyReport report;
        try (TerminalProgress bar = TerminalProgress.start("verify", work)) {
            report = DeltaVerifier.verify(
                    delta,
                    Optional.ofNullable(base),
                    Optional.ofNullable(finetuned),
                    rehash ? Optional.empty() : Optional.of(HashCacheFolder.path()),
                    threads,
                    bar::add);
        }
        if (expected != null && readable(report)) {
            List<Check> checks = new ArrayList<>(report.checks());
            checks.addAll(ManifestChecks.of(delta, expected, Optional.ofNullable(salt)));
            report = VerifyReport.of(checks);
        }
        print(report);
        return report.ok() ? ExitCode.OK : ExitCode.DOES_NOT_HOLD;
    }

    /** Only a file that passed the checks of its structure can be held against a manifest. */
    private static boolean readable(VerifyReport report) {
        return report.checks().stream()
                .anyMatch(check -> check.ok() && check.name().equals("contentRoot"));
    }

    private void print(VerifyReport report) {
        output.result(report, text -> {
            for (Check check : report.checks()) {
                text.printf("%-4s %-12s %s%n", check.ok() ? "ok" : "FAIL", check.name(), check.detail());
            }
        });
    }
}
