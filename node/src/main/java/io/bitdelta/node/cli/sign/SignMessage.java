package io.bitdelta.node.cli.sign;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.key.KeyFolder;
import io.bitdelta.node.cli.key.Password;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sign message}. */
@Command(
        name = "message",
        description = "Sign a file's bytes as a personal message (EIP-191).",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta sign message challenge.txt --as 0xf39f… --password-file secret.txt"})
final class SignMessage implements Callable<Integer> {
    private static final long MAX_BYTES = 16 << 20;

    @Parameters(paramLabel = "FILE", description = "What to sign.")
    private Path file;

    @Option(names = "--as", required = true, paramLabel = "ADDRESS", description = "The account.")
    private String account;

    @Mixin
    private KeyFolder folder;

    @Mixin
    private Password password;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    SignMessage() {}

    @Override
    public Integer call() throws Exception {
        EvmAddress address = SignVerify.address(account);
        Bytes32 digest = Secp256k1Key.personalDigest(read(file));
        Secp256k1Key key = folder.keystore().load(address, password.read(address.hex()));
        String signature = HexText.of(key.sign(digest).bytes());
        output.result(
                Map.of("address", address.hex(), "digest", digest.hex(), "signature", signature),
                out -> out.println(signature));
        return ExitCode.OK;
    }

    static byte[] read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw CommandException.usage(file + " is longer than " + MAX_BYTES + " bytes");
        }
        return Files.readAllBytes(file);
    }
}
