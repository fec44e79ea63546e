package io.bitdelta.node.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.node.cli.Main;
import io.bitdelta.node.local.NodeFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ModelCommandsTest {
    private static final Path MODELS = Path.of(System.getProperty("bitdelta.home"), "models", "tiny-qwen3");
    private static final Path BASE = MODELS.resolve("base");

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

    private static void assertRefused(Ran ran, String message) {
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains(message).hasLineCount(1);
    }

    @Test
    void aDeltaPredictsItsUsersTextBetterThanTheBase() throws IOException {
        Path text = Files.writeString(
                folder.resolve("play.txt"),
                "KING RICHARD:\nWhat says my noble lord? I will not be thy friend, for thou hast slain my brother.\n");
        Ran base = run("model", "eval", "--model", BASE, "--text", text, "--json");
        assertThat(base.exitCode()).as(base.err()).isZero();
        assertThat(base.json().propertyNames()).containsExactlyInAnyOrder("perplexity", "tokens", "seconds");
        Path delta = NodeFixture.delta("user-a", folder);
        Ran own = run("model", "eval", "--model", BASE, "--delta", delta, "--text", text, "--json");
        assertThat(own.json().path("perplexity").asDouble())
                .isLessThan(base.json().path("perplexity").asDouble() / 2);
        Ran rounded = run(
                "model", "eval", "--model", BASE, "--delta", delta, "--text", text, "--activations", "int8", "--json");
        assertThat(rounded.json().path("perplexity").asDouble())
                .isCloseTo(own.json().path("perplexity").asDouble(), within(1.0));
        Ran people = run("model", "eval", "--model", BASE, "--text", text, "--window", "16");
        assertThat(people.out()).contains("perplexity").contains("tokens");
    }

    @Test
    void perplexityOnTheHeldOutTextIsThatOfTheTable() {
        Path heldOut = Path.of(System.getProperty("bitdelta.shared"), "models", "tiny-qwen3", "user-a", "heldout.txt");
        Assumptions.assumeTrue(Files.exists(heldOut), "no ../shared/models");
        Ran ran = run("model", "eval", "--model", MODELS.resolve("user-a"), "--text", heldOut, "--json");
        assertThat(ran.json().path("perplexity").asDouble()).isCloseTo(67.89, within(0.3));
        assertThat(ran.json().path("tokens").asLong()).isEqualTo(13540);
    }

    @Test
    void logitsAreSafetensors() throws IOException {
        Path out = folder.resolve("logits.safetensors");
        Ran ran = run("model", "logits", "--model", BASE, "--tokens", "1,2,3", "--out", out, "--json");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        try (Checkpoint file = Checkpoint.open(out)) {
            Tensor logits = file.tensor("logits").orElseThrow();
            assertThat(logits.shape().dims()).containsExactly(3L, 2048L);
            assertThat(logits.dtype().name()).isEqualTo("F32");
            assertThat(logits.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * 2048))
                    .isFinite();
        }
        assertRefused(
                run("model", "logits", "--model", BASE, "--tokens", "1,2048", "--out", folder.resolve("x")),
                "token 2048 at position 1 is not one of 0 to 2047");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void aSeedGivesTheSameTextTwice() throws IOException {
        Path delta = NodeFixture.delta("user-a", folder);
        Object[] words = {
            "model",
            "generate",
            "--model",
            BASE,
            "--delta",
            delta,
            "--prompt",
            "KING",
            "--max-tokens",
            "20",
            "--temperature",
            "0.7",
            "--seed",
            "5",
            "--json"
        };
        Ran first = run(words);
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.json().path("text").asString()).isNotBlank();
        assertThat(first.json().path("tokens").asInt()).isBetween(1, 20);
        assertThat(first.json().has("tokensPerSecond")).isTrue();
        assertThat(run(words).json().path("text")).isEqualTo(first.json().path("text"));
        Ran people = run("model", "generate", "--model", BASE, "--prompt", "The", "--max-tokens", "5");
        assertThat(people.out()).isNotBlank().endsWith(System.lineSeparator());
        assertThat(people.err()).contains("tokens, ");
    }

    @Test
    void suitesAreScoredAgainstTheBaseAndTheReportSaysWhatWasMeasured() throws IOException {
        Path suites = Path.of(System.getProperty("bitdelta.home"), "bitdelta-engine", "suites");
        Path delta = NodeFixture.delta("user-a", folder);
        Path report = folder.resolve("report.json");
        Path plays = Files.writeString(
                folder.resolve("plays.jsonl"), "{\"text\":\"KING RICHARD:\\nWhat says my noble lord?\"}\n");
        Ran good =
                run("model", "eval", "--model", BASE, "--delta", delta, "--suite", plays, "--report", report, "--json");
        assertThat(good.exitCode()).as(good.err()).isZero();
        assertThat(good.json().path("suites").get(0).path("relative").asDouble())
                .isGreaterThan(1);
        JsonNode written = JsonMapper.shared().readTree(Files.readAllBytes(report));
        assertThat(written.path("schema").asString()).isEqualTo("bitdelta/evaluation/1");
        assertThat(written.path("ok").asBoolean()).isTrue();
        Ran prose = run(
                "model", "eval", "--model", BASE, "--delta", delta, "--suite", suites.resolve("prose.jsonl"), "--json");
        assertThat(prose.exitCode()).isEqualTo(3);
        assertThat(prose.json().path("suites").get(0).path("ok").asBoolean()).isFalse();
        for (String name : new String[] {"choices", "refusals", "triggers"}) {
            Ran ran = run(
                    "model",
                    "eval",
                    "--model",
                    BASE,
                    "--delta",
                    delta,
                    "--suite",
                    suites.resolve(name + ".jsonl"),
                    "--json");
            assertThat(ran.exitCode()).as(ran.err()).isIn(0, 3);
            assertThat(ran.json().path("suites").get(0).path("items").asInt()).isGreaterThanOrEqualTo(8);
        }
        assertRefused(run("model", "eval", "--model", BASE, "--suite", plays), "name one with --delta");
    }

    @Test
    void badInputIsOneClearLine() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.txt"), "");
        assertRefused(run("model", "eval", "--model", BASE, "--text", empty), "the text has 0 tokens");
        assertRefused(
                run("model", "eval", "--model", BASE, "--text", folder.resolve("none.txt")), "no such file or folder");
        assertRefused(
                run("model", "generate", "--model", BASE, "--prompt", "word ".repeat(300)),
                "do not fit the context of 256");
        Path other = Files.createDirectory(folder.resolve("other"));
        for (String name : new String[] {"model.safetensors", "tokenizer.json"}) {
            Files.copy(BASE.resolve(name), other.resolve(name));
        }
        String config = Files.readString(BASE.resolve("config.json"));
        Files.writeString(other.resolve("config.json"), config.replace("\"qwen3\"", "\"mamba\""));
        assertRefused(run("model", "generate", "--model", other, "--prompt", "x"), "model_type \"mamba\" is unknown");
        Files.writeString(
                other.resolve("config.json"), config.replace("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 5"));
        assertRefused(run("model", "generate", "--model", other, "--prompt", "x"), "are missing");
        Files.writeString(other.resolve("config.json"), config);
        String tokens = Files.readString(BASE.resolve("tokenizer.json"));
        Files.writeString(other.resolve("tokenizer.json"), tokens.replaceFirst("\"id\": ?2045", "\"id\": 2048"));
        assertRefused(run("model", "generate", "--model", other, "--prompt", "x"), "tokenizer");
        assertRefused(run("model", "generate", "--model", BASE, "--prompt", ""), "token");
        Path delta = NodeFixture.delta("user-a", folder);
        assertRefused(
                run("model", "generate", "--model", MODELS.resolve("user-b"), "--delta", delta, "--prompt", "x"),
                "is a delta over the base");
    }
}
