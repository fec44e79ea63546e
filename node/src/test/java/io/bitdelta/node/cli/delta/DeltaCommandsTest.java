package io.bitdelta.node.cli.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DeltaCommandsTest {
    private static final Path MODELS = Path.of(System.getProperty("bitdelta.home"), "models", "tiny-qwen3");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code = command.execute(arguments);
        command.getErr().flush();
        return code;
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(out.toString());
    }

    private Path compress(String... more) {
        Path delta = folder.resolve("user-a.bitdelta");
        String[] arguments = new String[9 + more.length];
        System.arraycopy(
                new String[] {
                    "delta",
                    "compress",
                    "--base",
                    MODELS.resolve("base").toString(),
                    "--finetuned",
                    MODELS.resolve("user-a").toString(),
                    "--out",
                    delta.toString(),
                    "--json"
                },
                0,
                arguments,
                0,
                9);
        System.arraycopy(more, 0, arguments, 9, more.length);
        assertThat(run(arguments)).as(err.toString()).isEqualTo(ExitCode.OK);
        return delta;
    }

    @Test
    void compressPrintsItsKeysAndInspectTheHeader() {
        Path delta = compress();
        JsonNode report = json();
        for (String key : new String[] {
            "deltaHash",
            "baseHash",
            "finetunedHash",
            "tensors",
            "weights",
            "bytes",
            "originalBytes",
            "ratio",
            "relativeError",
            "seconds",
            "gibPerSecond"
        }) {
            assertThat(report.has(key)).as(key).isTrue();
        }
        assertThat(report.get("ratio").asDouble()).isBetween(4.0, 4.6);
        assertThat(run("delta", "inspect", delta.toString(), "--json")).isEqualTo(ExitCode.OK);
        assertThat(json().get("baseHash").asString())
                .isEqualTo(report.get("baseHash").asString());
        assertThat(json().get("tensors")).isEmpty();
    }

    @Test
    void inspectShowsEveryTensorsSigns() {
        Path delta = compress("--granularity", "tensor");
        assertThat(run("delta", "inspect", "--json", "--tensors", delta.toString()))
                .isEqualTo(ExitCode.OK);
        JsonNode first = json().get("tensors")
                .valueStream()
                .filter(t -> t.get("name").asString().equals("model.layers.0.mlp.down_proj.weight"))
                .findFirst()
                .orElseThrow();
        assertThat(first.get("ones").asLong()).isEqualTo(50400);
        assertThat(first.get("granularity").asString()).isEqualTo("tensor");
        assertThat(first.get("scales").get("count").asLong()).isEqualTo(1);
    }

    @Test
    void verifyHoldsForTheTruthAndExitsWithThreeForAFlippedByte() throws IOException {
        Path delta = compress();
        String[] verify = {
            "delta",
            "verify",
            delta.toString(),
            "--base",
            MODELS.resolve("base").toString(),
            "--finetuned",
            MODELS.resolve("user-a").toString(),
            "--json"
        };
        assertThat(run(verify)).isEqualTo(ExitCode.OK);
        assertThat(json().get("ok").asBoolean()).isTrue();
        byte[] bytes = Files.readAllBytes(delta);
        bytes[bytes.length - 1] ^= 1;
        Files.write(delta, bytes);
        assertThat(run(verify)).isEqualTo(ExitCode.DOES_NOT_HOLD);
        assertThat(json().get("ok").asBoolean()).isFalse();
    }

    @Test
    void applyWritesACheckpoint() {
        Path delta = compress();
        Path rebuilt = folder.resolve("rebuilt");
        assertThat(run(
                        "delta",
                        "apply",
                        delta.toString(),
                        "--base",
                        MODELS.resolve("base").toString(),
                        "--out",
                        rebuilt.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(rebuilt.resolve("model.safetensors")).exists();
    }

    @Test
    void badInputIsOneLineAndExitCodeTwo() throws IOException {
        Path truncated = folder.resolve("truncated.safetensors");
        byte[] bytes = Files.readAllBytes(MODELS.resolve("user-a/model.safetensors"));
        Files.write(truncated, Arrays.copyOf(bytes, bytes.length / 2));
        String base = MODELS.resolve("base").toString();
        String target = folder.resolve("x").toString();
        assertThat(run("delta", "compress", "--base", base, "--finetuned", truncated.toString(), "--out", target))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("truncated").hasLineCount(1);
        assertThat(run("delta", "compress", "--base", base, "--finetuned", "nowhere", "--out", target))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("nowhere").hasLineCount(1);
        assertThat(run("delta", "compress", "--base", base, "--finetuned", base, "--out", target))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("equal").hasLineCount(1);
        assertThat(run("delta", "compress", "--base", base, "--finetuned", base, "--out", target, "--granularity", "x"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("delta", "inspect", truncated.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(run("delta", "inspect", "nowhere")).isEqualTo(ExitCode.USAGE);
        assertThat(folder.toFile().list()).containsExactly("truncated.safetensors");
    }
}
