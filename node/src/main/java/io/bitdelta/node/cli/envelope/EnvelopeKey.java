package io.bitdelta.node.cli.envelope;

import io.bitdelta.attestation.envelope.RecipientPrivateKey;
import io.bitdelta.attestation.sign.SecretFile;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code envelope key}. */
@Command(
        name = "key",
        description = "Make a recipient's key: FILE keeps the secret (mode 600), FILE.pub is for senders.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta envelope key --out my.key"})
final class EnvelopeKey implements Callable<Integer> {
    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The secret's file.")
    private Path target;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    EnvelopeKey() {}

    @Override
    public Integer call() throws Exception {
        Path open = Path.of(target + ".pub");
        if (Files.exists(target) || Files.exists(open)) {
            throw CommandException.usage(target + " or " + open + " exists already; it is left as it is");
        }
        RecipientPrivateKey key = RecipientPrivateKey.generate(new SecureRandom());
        SecretFile.write(target, key.bytes());
        WholeFile.write(open, out -> out.write(key.publicKey().bytes()));
        String id = key.publicKey().id().hex();
        output.result(
                Map.of("key", id, "secret", target.toString(), "public", open.toString()),
                out -> out.println(id + "  " + open));
        return ExitCode.OK;
    }
}
