package io.bitdelta.node.cli.soup;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.node.cli.Main;
import io.bitdelta.node.local.NodeFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class SoupCommandsTest {
    private static final Path MODELS = Path.of(System.getProperty("bitdelta.home"), "models", "tiny-qwen3");

    @TempDir
    Path folder;

    private record Ran(int exitCode, String out, String err) {
        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }
    }

    private static Ran run(Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] arguments = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            arguments[i] = words[i].toString();
        }
        return new Ran(line.execute(arguments), out.toString(), err.toString());
    }

    @Test
    void aSoupOfThreeIsTheirVoteAndCertifiesWhatOneLiarCannotTurn() throws IOException {
        Path a = NodeFixture.delta("user-a", folder);
        Path b = NodeFixture.delta("user-b", folder);
        Path c = NodeFixture.delta("user-c", folder);
        Path majority = folder.resolve("majority.safetensors");
        Ran plain = run("soup", "create", "--base", MODELS.resolve("base"), "--out", majority, "--json", a, b, c);
        assertThat(plain.exitCode()).as(plain.err()).isZero();
        assertThat(plain.json().path("members").asInt()).isEqualTo(3);
        assertThat(plain.json().path("certified").asLong())
                .isEqualTo(plain.json().path("coordinates").asLong());
        Ran certified = run(
                "soup",
                "create",
                "--base",
                MODELS.resolve("base"),
                "--rule",
                "certified",
                "--byzantine",
                1,
                "--out",
                folder.resolve("certified.safetensors"),
                "--json",
                a,
                b,
                c);
        assertThat(certified.exitCode()).as(certified.err()).isZero();
        assertThat(certified.json().path("certified").asLong())
                .isPositive()
                .isLessThan(certified.json().path("coordinates").asLong());
        assertThat(certified.json().path("root")).isEqualTo(plain.json().path("root"));
    }

    @Test
    void wrongInputIsOneLineAndExitCode2() throws IOException {
        Path a = NodeFixture.delta("user-a", folder);
        Path out = folder.resolve("soup.safetensors");
        Ran liars = run("soup", "create", "--base", MODELS.resolve("base"), "--byzantine", 1, "--out", out, a, a);
        assertThat(liars.exitCode()).isEqualTo(2);
        assertThat(liars.err()).contains("below half");
        Ran otherBase = run("soup", "create", "--base", MODELS.resolve("user-b"), "--out", out, a);
        assertThat(otherBase.exitCode()).isEqualTo(2);
        Path twoBits = folder.resolve("two.safetensors");
        DeltaCompressor.compress(
                MODELS.resolve("base"),
                MODELS.resolve("user-b"),
                twoBits,
                CompressOptions.defaults().withBits(2),
                Progress.NONE);
        Ran bits = run("soup", "create", "--base", MODELS.resolve("base"), "--out", out, a, twoBits);
        assertThat(bits.exitCode()).isEqualTo(2);
        assertThat(bits.err()).contains("2 bits");
        assertThat(Files.exists(out)).isFalse();
    }
}
