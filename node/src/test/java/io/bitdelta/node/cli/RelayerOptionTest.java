package io.bitdelta.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.sign.Keystore;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.config.ConfigException;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Several accounts that send, each with a keystore and a password file of its own. */
final class RelayerOptionTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path folder;

    /** An account's files. */
    private record Account(String address, Path keystore, Path password) {}

    private Account account(String name) throws IOException {
        Secp256k1Key key = Secp256k1Key.generate(RANDOM);
        Path password = Files.writeString(folder.resolve(name + ".password"), name + "'s own\n");
        Path file = Keystore.at(folder.resolve(name), 1 << 12).store(key, (name + "'s own").toCharArray(), RANDOM);
        return new Account(key.address().hex(), file, password);
    }

    private String run(int exit, List<String> relayers) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> words = new ArrayList<>(List.of(
                "royalty",
                "voucher",
                "deposit",
                "7",
                "--data",
                folder.resolve("node").toString(),
                "--json"));
        words.addAll(relayers);
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        assertThat(line.execute(words.toArray(String[]::new)))
                .as(err.toString())
                .isEqualTo(exit);
        return out + err.toString();
    }

    @Test
    void relayersOfTheCommandLineComeInPairs() throws IOException {
        Account one = account("one");
        Account two = account("two");
        List<String> both = List.of(
                "--relayer",
                one.keystore().toString(),
                "--relayer-password-file",
                one.password().toString(),
                "--relayer",
                two.keystore().toString(),
                "--relayer-password-file",
                two.password().toString());
        assertThat(run(ExitCode.OK, both)).contains("\"tx\"");
        assertThat(run(ExitCode.USAGE, both.subList(0, 6))).contains("2 --relayer and 1 --relayer-password-file");
        assertThat(run(
                        ExitCode.DOES_NOT_HOLD,
                        List.of(
                                "--relayer",
                                one.keystore().toString(),
                                "--relayer-password-file",
                                two.password().toString())))
                .contains("password");
        List<String> twice = new ArrayList<>(both.subList(0, 4));
        twice.addAll(both.subList(0, 4));
        assertThat(run(ExitCode.USAGE, twice)).contains("the same account twice");
    }

    @Test
    void relayersOfTheConfigurationSendInTheirOrder() throws IOException {
        Account one = account("one");
        Account two = account("two");
        Path config = Files.writeString(
                folder.resolve("c.yaml"),
                "relayer:\n  keys: \"%s, %s\"\n  passwords: \"file:%s, file:%s\"\n"
                        .formatted(two.keystore(), one.keystore(), two.password(), one.password()));
        try (LocalNode node = NodeFixture.open(folder.resolve("node"), NodeConfig.load(folder, Optional.of(config)))) {
            assertThat(node.outbox().signers()).containsExactly(two.address(), one.address());
            assertThat(node.outbox().signer()).isEqualTo(two.address());
        }
        Files.writeString(
                config,
                "relayer:\n  keys: \"%s, %s\"\n  passwords: \"file:%s\"\n"
                        .formatted(two.keystore(), one.keystore(), two.password()));
        assertThatThrownBy(() -> NodeConfig.load(folder, Optional.of(config)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("relayer.passwords: 1, but relayer.keys are 2");
        Files.writeString(config, "relayer:\n  keys: \"%s\"\n  passwords: hunter2\n".formatted(two.keystore()));
        assertThatThrownBy(() -> NodeConfig.load(folder, Optional.of(config)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("relayer.passwords")
                .message()
                .doesNotContain("hunter2");
    }
}
