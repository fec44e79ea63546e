package io.bitdelta.node.cli.envelope;

import io.bitdelta.attestation.envelope.Envelope;
import io.bitdelta.attestation.envelope.RecipientPrivateKey;
import io.bitdelta.attestation.sign.SecretFile;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code envelope open}. */
@Command(
        name = "open",
        description =
                "Decrypt an envelope. Exit code 3 when it was altered, cut, or is for others; then nothing is written.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta envelope open delta.sealed --key my.key --out delta.safetensors"})
final class EnvelopeOpen implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The envelope.")
    private Path source;

    @Option(names = "--key", required = true, paramLabel = "FILE", description = "The recipient's secret.")
    private Path key;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The content.")
    private Path target;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    EnvelopeOpen() {}

    @Override
    public Integer call() throws Exception {
        RecipientPrivateKey recipient = recipient();
        try (InputStream in = Files.newInputStream(source)) {
            WholeFile.write(target, out -> Envelope.open(in, out, recipient));
        }
        long bytes = Files.size(target);
        output.result(
                Map.of("out", target.toString(), "bytes", bytes), out -> out.println(target + "  " + bytes + " bytes"));
        return ExitCode.OK;
    }

    private RecipientPrivateKey recipient() throws Exception {
        try {
            return RecipientPrivateKey.of(SecretFile.read(key));
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(key + ": " + e.getMessage());
        }
    }
}
