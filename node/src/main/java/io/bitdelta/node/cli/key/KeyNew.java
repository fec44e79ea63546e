package io.bitdelta.node.cli.key;

import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code key new}. */
@Command(
        name = "new",
        description = "Make a key and store it encrypted (web3 keystore, version 3).",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta key new --password-file secret.txt"})
final class KeyNew implements Callable<Integer> {
    @Mixin
    private KeyFolder folder;

    @Mixin
    private Password password;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    KeyNew() {}

    @Override
    public Integer call() throws Exception {
        Secp256k1Key key = folder.keystore().create(password.choose(), new SecureRandom());
        String file = folder.keystore().file(key.address()).toString();
        output.result(Map.of("address", key.address().hex(), "file", file), out -> {
            out.println(key.address());
            out.println("  stored in " + file);
        });
        return ExitCode.OK;
    }
}
