package io.bitdelta.node.cli.sign;

import static org.assertj.core.api.Assertions.assertThat;

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

final class SignTypedTest {
    private static final String REVOKE = """
            {"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},
            {"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}],
            "Revoke":[{"name":"deltaId","type":"bytes32"},{"name":"deadline","type":"uint256"}]},"primaryType":"Revoke",
            "domain":{"name":"BitDeltaRegistry","version":"1","chainId":31337,"verifyingContract":"0x%s"},
            "message":{"deltaId":"0x%s","deadline":2000000000}}""".formatted("44".repeat(20), "11".repeat(32));

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();
    private String said = "";

    private int run(String... arguments) throws IOException {
        Path password = folder.resolve("password.txt");
        Files.writeString(password, "secret");
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!arguments[1].equals("verify")) {
            all.addAll(List.of("--data", folder.toString(), "--password-file", password.toString()));
        }
        StringWriter out = new StringWriter();
        CommandLine root = Main.commandLine();
        root.setOut(new PrintWriter(out));
        root.setErr(new PrintWriter(err));
        int code = root.execute(all.toArray(String[]::new));
        said = out.toString().strip();
        return code;
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void whatTheTextShowsIsWhatWasSigned() throws IOException {
        assertThat(run("key", "new")).as(err.toString()).isZero();
        String account = said.lines().findFirst().orElseThrow();
        String document = file("revoke.json", REVOKE);
        assertThat(run("sign", "typed", document, "--as", account))
                .as(err.toString())
                .isZero();
        String signature = said;
        assertThat(run("sign", "verify", document, "--typed", "--as", account, "--signature", signature))
                .isZero();
        String otherChain = file("other.json", REVOKE.replace("31337", "1"));
        assertThat(run("sign", "verify", otherChain, "--typed", "--as", account, "--signature", signature))
                .isEqualTo(3);
        assertThat(run("sign", "verify", document, "--as", account, "--signature", signature))
                .isEqualTo(3);
    }

    @Test
    void whatIsNoTypedDataIsAUsageError() throws IOException {
        String account = "0x" + "11".repeat(20);
        assertThat(run("sign", "typed", file("text", "hello"), "--as", account)).isEqualTo(2);
        String hidden = REVOKE.replace("\"deadline\":2000000000", "\"deadline\":2000000000,\"value\":1");
        assertThat(run("sign", "typed", file("hidden", hidden), "--as", account))
                .isEqualTo(2);
        assertThat(err.toString()).contains("no such field");
    }
}
