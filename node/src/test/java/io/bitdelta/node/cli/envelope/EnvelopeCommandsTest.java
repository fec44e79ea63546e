package io.bitdelta.node.cli.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class EnvelopeCommandsTest {
    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine root = Main.commandLine();
        root.setOut(new PrintWriter(new StringWriter()));
        root.setErr(new PrintWriter(err));
        return root.execute(arguments);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void whatIsSealedIsOpenedAndNothingIsWrittenForAnAlteredEnvelope() throws Exception {
        Files.writeString(folder.resolve("plain"), "weights");
        assertThat(run("envelope", "key", "--out", path("k"))).isZero();
        assertThat(run("envelope", "seal", path("plain"), "--to", path("k.pub"), "--out", path("sealed")))
                .as(err.toString())
                .isZero();
        assertThat(run("envelope", "open", path("sealed"), "--key", path("k"), "--out", path("opened")))
                .isZero();
        assertThat(folder.resolve("opened")).hasContent("weights");
        byte[] sealed = Files.readAllBytes(folder.resolve("sealed"));
        sealed[sealed.length - 1] ^= 1;
        Files.write(folder.resolve("altered"), sealed);
        assertThat(run("envelope", "open", path("altered"), "--key", path("k"), "--out", path("bad")))
                .isEqualTo(3);
        assertThat(folder.resolve("bad")).doesNotExist();
        assertThat(run("envelope", "key", "--out", path("k"))).isEqualTo(2);
        assertThat(run("envelope", "seal", path("plain"), "--to", path("plain"), "--out", path("x")))
                .isEqualTo(2);
        try (var files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString())).noneMatch(name -> name.endsWith(".tmp"));
        }
    }
}
