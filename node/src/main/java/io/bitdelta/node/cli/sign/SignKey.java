package io.bitdelta.node.cli.sign;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.KeyPem;
import io.bitdelta.attestation.sign.SecretFile;
import io.bitdelta.attestation.sign.SignatureScheme;
import io.bitdelta.attestation.sign.SigningKey;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.config.DurableFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sign key}. */
@Command(
        name = "key",
        description = "Make a key that is no account: FILE keeps the secret (mode 600, not encrypted), FILE.pub is for"
                + " whoever verifies.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta sign key --scheme ml-dsa-65 --out my-pq.key"})
final class SignKey implements Callable<Integer> {
    @Option(
            names = "--scheme",
            required = true,
            paramLabel = "SCHEME",
            description = "ml-dsa-65 (post-quantum), ed25519 or p256. Accounts are made by 'key new'.")
    private String scheme;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The secret's file.")
    private Path target;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    SignKey() {}

    @Override
    public Integer call() throws Exception {
        SignatureScheme chosen = chosen();
        Path open = Path.of(target + ".pub");
        if (Files.exists(target) || Files.exists(open)) {
            throw CommandException.usage(target + " or " + open + " exists already; it is left as it is");
        }
        SigningKey key = SigningKey.generate(chosen, new SecureRandom());
        SecretFile.write(target, KeyPem.secret(key));
        DurableFiles.write(open, KeyPem.open(key));
        output.result(
                Map.of(
                        "scheme", chosen.word(),
                        "publicKey", HexText.of(key.publicKey()),
                        "secret", target.toString(),
                        "public", open.toString()),
                out -> out.println(chosen.word() + "  " + open));
        return ExitCode.OK;
    }

    private SignatureScheme chosen() {
        return Arrays.stream(SignatureScheme.values())
                .filter(known ->
                        known != SignatureScheme.SECP256K1 && known.word().equals(scheme))
                .findFirst()
                .orElseThrow(() -> CommandException.usage("--scheme: \"%s\" is none of %s"
                        .formatted(
                                scheme,
                                Arrays.stream(SignatureScheme.values())
                                        .filter(known -> known != SignatureScheme.SECP256K1)
                                        .map(SignatureScheme::word)
                                        .collect(Collectors.joining(", ")))));
    }
}
