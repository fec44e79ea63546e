package io.bitdelta.node.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.engine.bench.ModelRow;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

final class ModelBenchTest {
    private static String refused(String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine();
        command.setErr(new PrintWriter(err, true));
        assertThat(command.execute(arguments)).isEqualTo(ExitCode.USAGE);
        return err.toString();
    }

    /** Before a checkpoint of two gigabytes is written. */
    @Test
    void aRowThatIsNotMeasuredIsRefusedWithTheNamesOfThoseThatAre() {
        assertThat(refused("bench", "model", "--only", "decode,decoed"))
                .contains("decoed", "decode-delta-int8", "dp-step");
    }

    @ParameterizedTest
    @EnumSource(ModelRow.class)
    void everyRowIsFoundByItsNameAndNamedInTheHelp(ModelRow row) {
        assertThat(ModelRow.named(row.text())).contains(row);
        StringWriter out = new StringWriter();
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true));
        assertThat(command.execute("bench", "model", "--help")).isZero();
        assertThat(out.toString().replaceAll("\\s+", " ")).contains(row.text());
    }
}
