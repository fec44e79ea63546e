package io.bitdelta.node.cli.did;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The life of an identity from the command line. */
final class DidCommandsTest {
    private static final String FRIEND = "0x00000000000000000000000000000000000f41e4";

    @TempDir
    Path folder;

    private record Ran(int exitCode, String out, String err) {
        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }
    }

    private static Ran run(List<String> words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return new Ran(line.execute(words.toArray(String[]::new)), out.toString(), err.toString());
    }

    private Ran did(String... words) {
        List<String> all = new ArrayList<>(List.of("did"));
        all.addAll(List.of(words));
        all.addAll(List.of("--json", "--data", folder.resolve("node").toString()));
        return run(all);
    }

    /** A keystore file of a new account. */
    private record Key(String file, String address) {}

    private Key key() throws IOException {
        Files.writeString(folder.resolve("password"), "correct horse\n");
        Ran made = run(List.of(
                "key",
                "new",
                "--data",
                folder.resolve("keys").toString(),
                "--password-file",
                folder.resolve("password").toString(),
                "--json"));
        assertThat(made.exitCode()).as(made.err()).isZero();
        return new Key(
                made.json().get("file").stringValue(),
                made.json().get("address").stringValue());
    }

    @Test
    void anIdentityIsRotatedAndSaysThings() throws IOException {
        Key alice = key();
        Key bob = key();
        String did = "did:lux:31337:" + alice.address();
        String password = folder.resolve("password").toString();
        Ran set = did(
                "attribute",
                "set",
                did,
                "--name",
                "did/svc/IpfsGateway",
                "--text",
                "https://gw.example",
                "--days",
                "1",
                "--key",
                alice.file(),
                "--password-file",
                password);
        assertThat(set.exitCode()).as(set.err()).isZero();
        Ran added = did(
                "delegate",
                "add",
                did,
                "--delegate",
                FRIEND,
                "--days",
                "1",
                "--key",
                alice.file(),
                "--password-file",
                password);
        assertThat(added.exitCode()).as(added.err()).isZero();
        Ran rotated = did("rotate", did, "--to", bob.address(), "--key", alice.file(), "--password-file", password);
        assertThat(rotated.exitCode()).as(rotated.err()).isZero();
        JsonNode now = did("resolve", did).json();
        assertThat(now.get("controller").stringValue()).isEqualTo(bob.address());
        assertThat(now.at("/document/service/0/serviceEndpoint").stringValue()).isEqualTo("https://gw.example");
        assertThat(now.at("/metadata/versionId").stringValue())
                .isEqualTo(Long.toString(rotated.json().get("block").longValue()));
        Ran before = did(
                "resolve",
                did,
                "--version-id",
                Long.toString(added.json().get("block").longValue()));
        assertThat(before.json().get("controller").stringValue()).isEqualTo(alice.address());
        assertThat(before.json().at("/document/verificationMethod")).hasSize(2);
        assertThat(did("rotate", did, "--to", alice.address(), "--key", alice.file(), "--password-file", password)
                        .exitCode())
                .isEqualTo(ExitCode.FAILURE);
    }

    @Test
    void whatCannotBeResolvedIsAnUnreadableInput() {
        for (String wrong : List.of("did:lux:1:" + FRIEND, "did:example:1", "nonsense")) {
            Ran refused = did("resolve", wrong);
            assertThat(refused.exitCode()).as(wrong).isEqualTo(ExitCode.USAGE);
            assertThat(refused.out()).isEmpty();
        }
    }

    @Test
    void anIdentityIsNeverEndedByAMistypedAddress() throws IOException {
        Key alice = key();
        Ran refused = did(
                "rotate",
                "did:lux:31337:" + alice.address(),
                "--to",
                "0x" + "0".repeat(40),
                "--key",
                alice.file(),
                "--password-file",
                folder.resolve("password").toString());
        assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("--deactivate");
    }
}
