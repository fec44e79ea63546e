package io.bitdelta.node.cli.model;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainCommandTest {
    private static final Path MODELS = Path.of(System.getProperty("bitdelta.home"), "models", "tiny-qwen3");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path text;

    @BeforeEach
    void text() throws IOException {
        text = Files.writeString(
                folder.resolve("text.txt"), "To be, or not to be, that is the question of the king.\n".repeat(60));
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code = command.execute(arguments);
        command.getErr().flush();
        return code;
    }

    private int train(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "model",
                "train",
                "--base",
                MODELS.resolve("base").toString(),
                "--text",
                text.toString(),
                "--steps",
                "4",
                "--batch",
                "2",
                "--length",
                "32",
                "--threads",
                "1",
                "--json"));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(out.toString());
    }

    @Test
    void aTrainedAdapterBecomesADeltaThatIsFittedToAFineTune() {
        Path delta = folder.resolve("mine.bitdelta");
        assertThat(train(
                        "--method", "lora", "--out", folder.resolve("a").toString(), "--write-delta", delta.toString()))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);
        assertThat(json().path("steps").intValue()).isEqualTo(4);
        assertThat(json().path("loss").doubleValue()).isPositive();
        assertThat(json().path("epsilon").doubleValue()).isZero();
        assertThat(run(
                        "delta",
                        "calibrate",
                        delta.toString(),
                        "--base",
                        MODELS.resolve("base").toString(),
                        "--finetuned",
                        MODELS.resolve("user-a").toString(),
                        "--text",
                        text.toString(),
                        "--steps",
                        "3",
                        "--length",
                        "32",
                        "--out",
                        folder.resolve("fitted.bitdelta").toString(),
                        "--json"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);
        assertThat(json().path("lossAfter").doubleValue())
                .isLessThanOrEqualTo(json().path("lossBefore").doubleValue());
        assertThat(json().path("metric").stringValue()).isEqualTo("agreement");
        assertThat(json().path("metricAfter").doubleValue()).isBetween(0.0, 1.0);
        assertThat(json().path("calibration").path("metricPositions").intValue())
                .isPositive();
    }

    @Test
    void aTrainingThatDivergesFailsInOneLineAndWritesNothing() throws IOException {
        Path to = folder.resolve("x");
        assertThat(run(
                        "model",
                        "train",
                        "--base",
                        MODELS.resolve("base").toString(),
                        "--text",
                        text.toString(),
                        "--steps",
                        "60",
                        "--batch",
                        "2",
                        "--length",
                        "32",
                        "--threads",
                        "1",
                        "--rate",
                        "1",
                        "--warmup",
                        "0",
                        "--clip",
                        "0",
                        "--json",
                        "--out",
                        to.toString()))
                .as(err.toString())
                .isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString().strip().lines().filter(line -> !line.startsWith("step ")))
                .singleElement()
                .asString()
                .contains("the loss is", "use a lower learning rate");
        assertThat(out.toString()).isEmpty();
        assertThat(to.toFile().list()).isEmpty();
    }

    @Test
    void anEpsilonThatIsNoneAndATextOfNothingAreUsageErrors() throws IOException {
        String ledger = folder.resolve("alice.ledger").toString();
        String to = folder.resolve("x").toString();
        assertThat(run("privacy", "budget", "--ledger", ledger, "--epsilon", "0"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("privacy", "budget", "--ledger", ledger, "--epsilon", "5"))
                .isEqualTo(ExitCode.OK);
        for (String epsilon : List.of("0", "-1", "NaN")) {
            assertThat(train("--dp", "--epsilon", epsilon, "--ledger", ledger, "--out", to))
                    .as(epsilon)
                    .isEqualTo(ExitCode.USAGE);
            assertThat(err.toString()).contains("epsilon").contains(epsilon);
        }
        Files.writeString(text, " \n\n");
        assertThat(train("--out", to)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("text.txt", "it is empty");
    }

    @Test
    void aCoreIsATinyDeltaThatCanBeApplied() throws IOException {
        Path delta = folder.resolve("core.bitdelta");
        assertThat(train(
                        "--method",
                        "core",
                        "--rank",
                        "4",
                        "--core-bits",
                        "1",
                        "--out",
                        folder.resolve("c").toString(),
                        "--write-delta",
                        delta.toString()))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);
        assertThat(Files.size(delta)).isLessThan(20_000);
        assertThat(run(
                        "delta",
                        "apply",
                        delta.toString(),
                        "--base",
                        MODELS.resolve("base").toString(),
                        "--out",
                        folder.resolve("rebuilt").toString()))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void aPrivateRunStatesItsGuaranteeAndCannotOverspend() {
        String ledger = folder.resolve("alice.ledger").toString();
        assertThat(run("privacy", "budget", "--ledger", ledger, "--epsilon", "5"))
                .isEqualTo(ExitCode.OK);
        String[] first = {
            "--method",
            "lora",
            "--rank",
            "2",
            "--dp",
            "--epsilon",
            "4",
            "--ledger",
            ledger,
            "--out",
            folder.resolve("p").toString()
        };
        assertThat(train(first)).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(json().path("epsilon").doubleValue()).isBetween(3.9, 4.0);
        assertThat(json().has("loss")).isFalse();
        assertThat(json().path("privacy").path("epsilonMilli").intValue()).isEqualTo(4000);
        first[first.length - 1] = folder.resolve("q").toString();
        assertThat(train(first)).isEqualTo(ExitCode.DOES_NOT_HOLD);
        assertThat(err.toString()).contains("left are epsilon 1 ");
    }

    @Test
    void contradictionsAreUsageErrors() {
        String to = folder.resolve("x").toString();
        assertThat(train("--epsilon", "4", "--out", to)).isEqualTo(ExitCode.USAGE);
        assertThat(train("--dp", "--out", to)).isEqualTo(ExitCode.USAGE);
        assertThat(train("--method", "other", "--out", to)).isEqualTo(ExitCode.USAGE);
        assertThat(train("--rate", "-1", "--out", to)).isEqualTo(ExitCode.USAGE);
        String base = MODELS.resolve("base").toString();
        assertThat(run("model", "train", "--base", base, "--text", text.toString(), "--length", "9999", "--out", to))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("context");
    }
}
