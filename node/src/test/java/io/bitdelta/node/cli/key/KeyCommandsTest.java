package io.bitdelta.node.cli.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class KeyCommandsTest {
    private static final String ADDRESS = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine root = Main.commandLine();
        root.setOut(new PrintWriter(out));
        root.setErr(new PrintWriter(err));
        return root.execute(arguments);
    }

    @Test
    void anImportedKeyIsListedAndNotTakenTwice() throws Exception {
        Path hex = folder.resolve("key.hex");
        Path password = folder.resolve("password");
        Files.writeString(hex, "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80\n");
        Files.writeString(password, "secret\n");
        String data = folder.resolve("data").toString();
        String[] imports = {"key", "import", hex.toString(), "--data", data, "--password-file", password.toString()};
        assertThat(run(imports)).as(err.toString()).isZero();
        assertThat(out.toString()).contains(ADDRESS).doesNotContain("ac0974");
        assertThat(run("key", "list", "--data", data, "--json")).isZero();
        assertThat(out.toString()).contains("\"address\":\"" + ADDRESS + "\"");
        assertThat(run(
                        "sign",
                        "message",
                        password.toString(),
                        "--as",
                        ADDRESS,
                        "--data",
                        data,
                        "--password-file",
                        password.toString()))
                .isZero();
        String signature = out.toString().strip().lines().reduce((a, b) -> b).orElseThrow();
        assertThat(run("sign", "verify", password.toString(), "--as", ADDRESS, "--signature", signature))
                .isZero();
        assertThat(run("sign", "verify", hex.toString(), "--as", ADDRESS, "--signature", signature))
                .isEqualTo(3);
        assertThat(run(imports)).isEqualTo(2);
        assertThat(err.toString()).contains("exists already").hasLineCount(1);
    }

    @Test
    void aFileThatIsNoKeyIsAUsageError() throws Exception {
        Path file = folder.resolve("key.hex");
        Path password = folder.resolve("password");
        Files.writeString(file, "not a key");
        Files.writeString(password, "secret\n");
        assertThat(run(
                        "key",
                        "import",
                        file.toString(),
                        "--data",
                        folder.toString(),
                        "--password-file",
                        password.toString()))
                .isEqualTo(2);
        Files.writeString(password, "");
        assertThat(run("key", "new", "--data", folder.toString(), "--password-file", password.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("neither a keystore file nor 64 hex digits", "password is empty");
    }
}
