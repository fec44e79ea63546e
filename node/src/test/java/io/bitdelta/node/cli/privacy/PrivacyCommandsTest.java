package io.bitdelta.node.cli.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PrivacyCommandsTest {
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

    @Test
    void epsilonAndNoiseAreTheAccountants() {
        assertThat(run(
                        "privacy", "epsilon", "--rate", "0.01", "--noise", "1.1", "--steps", "1000", "--delta", "1e-5",
                        "--json"))
                .isEqualTo(ExitCode.OK);
        assertThat(json().path("epsilon").doubleValue()).isCloseTo(1.7117700912203435, within(1e-9));
        assertThat(json().path("order").doubleValue()).isEqualTo(9.6);
        assertThat(run(
                        "privacy",
                        "noise",
                        "--rate",
                        "0.04",
                        "--epsilon",
                        "8",
                        "--steps",
                        "2000",
                        "--delta",
                        "1e-5",
                        "--json"))
                .isEqualTo(ExitCode.OK);
        assertThat(json().path("noise").doubleValue()).isCloseTo(1.3562, within(1e-4));
    }

    @Test
    void aParameterOutOfRangeIsOneLineAndAUsageError() {
        assertThat(run("privacy", "epsilon", "--rate", "2", "--noise", "1", "--steps", "1", "--delta", "1e-5"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("sampling rate").contains("2.0");
        assertThat(run("privacy", "noise", "--rate", "0.1", "--epsilon", "0", "--steps", "1", "--delta", "1e-5"))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aBudgetIsCreatedLoweredAndNeverRaised() {
        String ledger = folder.resolve("alice.ledger").toString();
        assertThat(run("privacy", "budget", "--ledger", ledger)).isEqualTo(ExitCode.USAGE);
        assertThat(run("privacy", "budget", "--ledger", ledger, "--epsilon", "8", "--json"))
                .isEqualTo(ExitCode.OK);
        assertThat(json().path("epsilonLeft").stringValue()).isEqualTo("8");
        assertThat(run("privacy", "budget", "--ledger", ledger, "--epsilon", "4"))
                .isEqualTo(ExitCode.OK);
        assertThat(run("privacy", "budget", "--ledger", ledger, "--epsilon", "6"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("raises");
    }
}
