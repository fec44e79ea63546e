package io.bitdelta.node.cli.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.cli.Main;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.scrub.ScrubJob;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code node status} tells of a node that does not run. */
final class NodeStatusTest {
    @TempDir
    Path folder;

    private record Ran(int exit, String out, String err) {}

    private Ran status() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return new Ran(
                line.execute("node", "status", "--data", folder.toString(), "--json"), out.toString(), err.toString());
    }

    /** A port that nobody listens on. */
    private void elsewhere() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(folder.resolve("config.yaml"), """
                    http:
                      port: %d
                    """.formatted(probe.getLocalPort()));
        }
    }

    @Test
    void theFolderOfAStoppedNodeTellsHowFarItWasAndWhatItHasToDo() throws IOException {
        elsewhere();
        long indexed;
        try (LocalNode node = NodeFixture.open(folder)) {
            node.catchUp();
            indexed = node.indexedBlock();
            node.jobs().submit("caller", ScrubJob.NAME, Optional.empty(), ScrubJob.input());
        }
        Ran ran = status();
        assertThat(ran.exit()).as(ran.err()).isEqualTo(1);
        JsonNode json = JsonMapper.shared().readTree(ran.out());
        assertThat(json.path("stopped").asBoolean()).isTrue();
        assertThat(json.path("ready").asBoolean(true)).isFalse();
        assertThat(json.path("indexedBlock").asLong()).isEqualTo(indexed).isPositive();
        assertThat(json.path("openJobs").path("QUEUED").asInt()).isEqualTo(1);
    }

    @Test
    void aFolderWhereNoNodeWasIsNotCalledAStoppedNode() throws IOException {
        elsewhere();
        Ran ran = status();
        assertThat(ran.exit()).isNotZero();
        assertThat(ran.out()).isEmpty();
        assertThat(folder.resolve("bitdelta.sqlite")).doesNotExist();
    }
}
