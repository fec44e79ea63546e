package io.bitdelta.node.cli.envelope;

import io.bitdelta.attestation.envelope.Envelope;
import io.bitdelta.attestation.envelope.RecipientPublicKey;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code envelope seal}. */
@Command(
        name = "seal",
        description = "Encrypt a file for one or several recipients.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta envelope seal delta.safetensors --to my.key.pub --out delta.sealed"})
final class EnvelopeSeal implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "What to seal.")
    private Path source;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "FILE",
            description = "A recipient's public key; may be given often.")
    private List<Path> recipients;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The envelope.")
    private Path target;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    EnvelopeSeal() {}

    @Override
    public Integer call() throws Exception {
        List<RecipientPublicKey> keys = new ArrayList<>();
        for (Path file : recipients) {
            keys.add(key(file));
        }
        try (InputStream in = Files.newInputStream(source)) {
            WholeFile.write(target, out -> Envelope.seal(in, out, keys, new SecureRandom()));
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()));
        }
        long bytes = Files.size(target);
        output.result(
                Map.of(
                        "out", target.toString(),
                        "bytes", bytes,
                        "recipients", keys.stream().map(k -> k.id().hex()).toList()),
                out -> out.println(target + "  " + bytes + " bytes for " + keys.size() + " recipient(s)"));
        return ExitCode.OK;
    }

    private static RecipientPublicKey key(Path file) throws Exception {
        if (Files.size(file) != RecipientPublicKey.LENGTH) {
            throw CommandException.usage(file + " has " + Files.size(file) + " bytes, a recipient's public key has "
                    + RecipientPublicKey.LENGTH);
        }
        try {
            return RecipientPublicKey.of(Files.readAllBytes(file));
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(file + ": " + e.getMessage());
        }
    }
}
