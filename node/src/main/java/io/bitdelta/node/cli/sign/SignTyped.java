package io.bitdelta.node.cli.sign;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.attestation.typed.TypedDocument;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.key.KeyFolder;
import io.bitdelta.node.cli.key.Password;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sign typed}. */
@Command(
        name = "typed",
        description = "Sign typed data (EIP-712) in the JSON of eth_signTypedData_v4.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta sign typed publish.json --as 0xf39f… --password-file secret.txt"})
final class SignTyped implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "Typed data: types, primaryType, domain, message.")
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
    SignTyped() {}

    @Override
    public Integer call() throws Exception {
        EvmAddress address = SignVerify.address(account);
        TypedDocument document = TypedDocument.parse(SignMessage.read(file));
        Secp256k1Key key = folder.keystore().load(address, password.read(address.hex()));
        String signature = HexText.of(key.sign(document.digest()).bytes());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("address", address.hex());
        result.put("primaryType", document.primaryType());
        result.put("digest", document.digest().hex());
        result.put("signature", signature);
        output.result(result, out -> out.println(signature));
        return ExitCode.OK;
    }
}
