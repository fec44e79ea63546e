package io.bitdelta.node.cli.delta;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.engine.commit.DeltaProof;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.ProofDocument;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code delta check-proof}. */
@Command(
        name = "check-proof",
        description =
                "Check the proof of a chunk against a commitment, without the delta. Exit code 3: it does not hold.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta delta check-proof chunk-7.json --root 0x5fab…"})
final class CheckProofCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PROOF", description = "The document that delta prove wrote.")
    private Path proof;

    @Option(
            names = "--root",
            required = true,
            description = "The commitment to trust: the deltaRoot of the chain or a manifest, as 0x-hex.")
    private Bytes32 root;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    CheckProofCommand() {}

    @Override
    public Integer call() throws Exception {
        DeltaProof read = ProofDocument.read(proof);
        List<String> faults = read.faults(Hash32.of(root.bytes()));
        output.result(Map.of("ok", faults.isEmpty(), "faults", faults), text -> {
            if (faults.isEmpty()) {
                text.printf("ok    chunk %d is part of %s%n", read.chunk().index(), read.deltaRoot());
            }
            faults.forEach(fault -> text.printf("FAIL  %s%n", fault));
        });
        return faults.isEmpty() ? ExitCode.OK : ExitCode.DOES_NOT_HOLD;
    }
}
