package io.bitdelta.node.cli.key;

import io.bitdelta.attestation.sign.Keystore;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code key import}. */
@Command(
        name = "import",
        description = "Take over a key: a keystore file of another program, or a file with 64 hex digits.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta key import UTC--2026-11-20T20-00-00Z--f39f… --source-password-file old.txt",
            "  bitdelta key import private-key.hex --password-file secret.txt"
        })
final class KeyImport implements Callable<Integer> {
    private static final long MAX_BYTES = 64 << 10;

    @Parameters(paramLabel = "FILE", description = "Keystore file (JSON) or hex private key.")
    private Path file;

    @Option(
            names = "--source-password-file",
            paramLabel = "FILE",
            description = "File with the password of the keystore file; by default the same as the new one.")
    private @Nullable Path sourcePassword;

    @Mixin
    private KeyFolder folder;

    @Mixin
    private Password password;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    KeyImport() {}

    @Override
    public Integer call() throws Exception {
        if (Files.size(file) > MAX_BYTES) {
            throw CommandException.usage(file + " is longer than " + MAX_BYTES + " bytes: not a key file");
        }
        String text = Files.readString(file).strip();
        char[] chosen = password.choose();
        Secp256k1Key key = text.startsWith("{") ? Keystore.open(file, sourcePassword(chosen)) : hexKey(text);
        Path stored = folder.keystore().store(key, chosen, new SecureRandom());
        output.result(Map.of("address", key.address().hex(), "file", stored.toString()), out -> {
            out.println(key.address());
            out.println("  stored in " + stored);
        });
        return ExitCode.OK;
    }

    private char[] sourcePassword(char[] chosen) throws Exception {
        return sourcePassword == null
                ? chosen
                : Files.readString(sourcePassword)
                        .lines()
                        .findFirst()
                        .orElse("")
                        .toCharArray();
    }

    private Secp256k1Key hexKey(String text) {
        String digits = text.startsWith("0x") ? text.substring(2) : text;
        if (!digits.matches("[0-9a-fA-F]{64}")) {
            throw CommandException.usage(file + ": neither a keystore file nor 64 hex digits");
        }
        return Secp256k1Key.fromPrivate(HexFormat.of().parseHex(digits));
    }
}
