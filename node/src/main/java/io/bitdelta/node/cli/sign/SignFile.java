package io.bitdelta.node.cli.sign;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.SigningKey;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.config.DurableFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sign file}. */
@Command(
        name = "file",
        description =
                "Sign a file's bytes with a key that is no account, e.g. a manifest a second time with ML-DSA-65.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta sign file manifest.json --key my-pq.key --out manifest.json.sig"})
final class SignFile implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "What to sign.")
    private Path file;

    @Mixin
    private KeyChoice choice;

    @Option(names = "--out", paramLabel = "SIGNATURE", description = "File for the signature's bytes.")
    private @Nullable Path target;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    SignFile() {}

    @Override
    public Integer call() throws Exception {
        byte[] message = SignMessage.read(file);
        SigningKey key = choice.open();
        byte[] signature = key.sign(message);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("scheme", key.scheme().word());
        result.put("publicKey", HexText.of(key.publicKey()));
        result.put("signature", HexText.of(signature));
        if (target != null) {
            DurableFiles.write(target, signature);
            result.put("out", target.toString());
        }
        output.result(
                result,
                out -> out.println(
                        target == null
                                ? HexText.of(signature)
                                : key.scheme().word() + "  " + target + "  " + signature.length + " bytes"));
        return ExitCode.OK;
    }
}
