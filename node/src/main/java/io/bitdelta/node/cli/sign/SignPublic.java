package io.bitdelta.node.cli.sign;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.KeyPem;
import io.bitdelta.attestation.sign.SigningKey;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.config.DurableFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sign public}. */
@Command(
        name = "public",
        description = "Write the public key of a key file or of a token's key.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  bitdelta sign public --token /usr/lib/softhsm/libsofthsm2.so --label owner --password-file pin.txt --out owner.pub"
        })
final class SignPublic implements Callable<Integer> {
    @Mixin
    private KeyChoice choice;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "SubjectPublicKeyInfo in PEM.")
    private Path target;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    SignPublic() {}

    @Override
    public Integer call() throws Exception {
        SigningKey key = choice.open();
        DurableFiles.write(target, KeyPem.open(key));
        output.result(
                Map.of(
                        "scheme", key.scheme().word(),
                        "publicKey", HexText.of(key.publicKey()),
                        "public", target.toString()),
                out -> out.println(key.scheme().word() + "  " + target));
        return ExitCode.OK;
    }
}
