package io.bitdelta.node.cli.delta;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.DeltaInspector;
import io.bitdelta.engine.codec.InspectReport;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.provenance.PrivacyClaim;
import io.bitdelta.node.provenance.TrainingRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code delta inspect}. */
@Command(
        name = "inspect",
        description = "Show what is in a delta file.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta delta inspect --tensors user-a.bitdelta"})
final class InspectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DELTA", description = "The delta file.")
    private Path delta;

    @Option(names = "--tensors", description = "Read the whole file and describe every tensor.")
    private boolean tensors;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    InspectCommand() {}

    /** The record beside the file, if it is of this very file. */
    private Optional<TrainingRecord> training() throws IOException {
        Optional<TrainingRecord> found = TrainingRecord.find(delta);
        if (found.isPresent()) {
            try (DeltaFile file = DeltaFile.open(delta)) {
                if (!found.get().fileHash().equals(Bytes32.of(file.fileHash().bytes()))) {
                    output.say("%s is of another file; whatever it guarantees does not hold for this one"
                            .formatted(TrainingRecord.beside(delta)));
                    return Optional.empty();
                }
            }
        }
        return found;
    }

    @Override
    public Integer call() throws Exception {
        InspectReport report = tensors ? DeltaInspector.tensors(delta) : DeltaInspector.header(delta);
        Optional<TrainingRecord> training = training();
        output.result(report, text -> {
            text.printf("base     %s%n", report.baseHash());
            text.printf("scales   %s, clip %s, domain %s%n", report.scales(), report.clipSigma(), report.domain());
            text.printf("tensors  %s%n", report.kinds());
            text.printf("size     %,d bytes, header %,d%n", report.bytes(), report.headerBytes());
            training.ifPresent(record -> {
                text.printf("trained  %s, %d steps%n", record.method(), record.steps());
                text.printf(
                        "privacy  %s%n",
                        record.privacy().map(PrivacyClaim::text).orElse("no guarantee is claimed"));
            });
            for (InspectReport.TensorReport tensor : report.tensors()) {
                text.printf(
                        "%-52s %-8s %-14s %-5s %-9s %d bit  ones %d  scale mean %.6g  %s%n",
                        tensor.name(),
                        tensor.kind(),
                        tensor.shape(),
                        tensor.dtype(),
                        tensor.granularity(),
                        tensor.bits(),
                        tensor.ones(),
                        tensor.scales().mean(),
                        tensor.signSha256());
            }
        });
        return 0;
    }
}
