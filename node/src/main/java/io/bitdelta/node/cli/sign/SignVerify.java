package io.bitdelta.node.cli.sign;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.attestation.typed.TypedDocument;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sign verify}. */
@Command(
        name = "verify",
        description = "Check a signature of 'sign message' or 'sign typed'. Exit code 3 when it is of another account.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta sign verify challenge.txt --as 0xf39f… --signature 0x1b2c…",
            "  bitdelta sign verify publish.json --typed --as 0xf39f… --signature 0x1b2c…"
        })
final class SignVerify implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "What was signed.")
    private Path file;

    @Option(names = "--as", required = true, paramLabel = "ADDRESS", description = "The expected account.")
    private String account;

    @Option(names = "--signature", required = true, paramLabel = "HEX", description = "65 bytes: r, s, v.")
    private String signature;

    @Option(names = "--typed", description = "The file is typed data (EIP-712), not a message.")
    private boolean typed;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    SignVerify() {}

    @Override
    public Integer call() throws Exception {
        EvmAddress expected = address(account);
        EvmAddress signer = parsed().recover(digest());
        boolean ok = signer.equals(expected);
        output.result(
                Map.of("ok", ok, "signer", signer.hex()),
                out -> out.println(ok ? "signed by " + signer : "signed by " + signer + ", not by " + expected));
        return ok ? ExitCode.OK : ExitCode.DOES_NOT_HOLD;
    }

    private Bytes32 digest() throws IOException {
        byte[] bytes = SignMessage.read(file);
        return typed ? TypedDocument.parse(bytes).digest() : Secp256k1Key.personalDigest(bytes);
    }

    private EvmSignature parsed() {
        try {
            return EvmSignature.parse(HexText.parse(signature));
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--signature: " + e.getMessage());
        }
    }

    static EvmAddress address(String text) {
        try {
            return EvmAddress.of(text);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--as: " + e.getMessage());
        }
    }
}
