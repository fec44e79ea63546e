package io.bitdelta.node.cli.sign;

import io.bitdelta.attestation.sign.KeyPem;
import io.bitdelta.attestation.sign.SecretFile;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sign check}. */
@Command(
        name = "check",
        description = "Check a signature of 'sign file'. Exit code 3 when it is of another key or file.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  bitdelta sign check manifest.json --key my-pq.key.pub --signature manifest.json.sig"
        })
final class SignCheck implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "What was signed.")
    private Path file;

    @Option(names = "--key", required = true, paramLabel = "FILE", description = "The public key, in PEM.")
    private Path key;

    @Option(
            names = "--signature",
            required = true,
            paramLabel = "SIGNATURE",
            description = "File with the signature's bytes.")
    private Path signature;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    SignCheck() {}

    @Override
    public Integer call() throws Exception {
        KeyPem.PublicKey known = KeyPem.readOpen(SecretFile.read(key));
        boolean ok = known.scheme().verify(known.bytes(), SignMessage.read(file), SecretFile.read(signature));
        String scheme = known.scheme().word();
        output.result(
                Map.of("ok", ok, "scheme", scheme),
                out -> out.println(
                        ok ? "signed with this " + scheme + " key" : "not signed with this " + scheme + " key"));
        return ok ? ExitCode.OK : ExitCode.DOES_NOT_HOLD;
    }
}
