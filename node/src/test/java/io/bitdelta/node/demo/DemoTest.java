package io.bitdelta.node.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole story, as a process of its own on a real chain, killed and damaged on the way. */
final class DemoTest {
    @TempDir
    Path data;

    @Test
    void tellsTheWholeStoryAndASecondRunDoesNothingTwice() throws Exception {
        DemoProcess.Ended first = DemoProcess.run(data);
        assertThat(first.exitCode()).as(String.join("\n", first.lines())).isZero();
        assertThat(first.with("ok   slash fraud").getFirst()).contains("is SLASHED", "not what it had committed to");
        assertThat(first.with("ok   defend fraud").getFirst()).contains("VoteMismatch");
        DemoProcess.Ended second = DemoProcess.run(data);
        assertThat(second.exitCode()).as(String.join("\n", second.lines())).isZero();
        assertThat(transactions(second, "publish")).isEqualTo(transactions(first, "publish"));
        assertThat(transactions(second, "propose")).isEqualTo(transactions(first, "propose"));
        assertThat(transactions(second, "pay royalties")).isEqualTo(transactions(first, "pay royalties"));
        assertThat(second.with("claimed before")).hasSize(3);
        assertThat(second.with("settle accounts").getFirst().replaceAll("[0-9.]+ s ", ""))
                .isEqualTo(first.with("settle accounts").getFirst().replaceAll("[0-9.]+ s ", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish user-b", "recount soups"})
    void goesOnAfterAKill(String step) throws Exception {
        killedThenCompletes(step);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DEVELOPMENT MODE",
                "start",
                "compress user-a",
                "compress user-c",
                "publish user-a",
                "publish user-c",
                "look up user-b",
                "propose soup",
                "plant fraud",
                "defend fraud",
                "slash fraud",
                "finalise soup",
                "pay royalties",
                "claim user-a",
                "claim user-c",
                "settle accounts",
                "verify from outside"
            })
    void goesOnAfterAKillAtAnyStep(String step) throws Exception {
        killedThenCompletes(step);
    }

    private void killedThenCompletes(String step) throws Exception {
        DemoProcess.Ended killed = DemoProcess.killAt(data, step);
        assertThat(killed.exitCode()).isNotZero();
        DemoProcess.Ended resumed = DemoProcess.run(data);
        assertThat(resumed.exitCode()).as(String.join("\n", resumed.lines())).isZero();
        assertThat(transactions(resumed, "publish")).containsAll(transactions(killed, "publish"));
        assertThat(resumed.with("ok   verify from outside")).hasSize(1);
    }

    @Test
    void aFlippedByteEndsItWithTheBlocksNameAndExitCode3() throws Exception {
        DemoProcess.killAt(data, "publish user-a");
        Path block = largestBlock();
        byte[] bytes = Files.readAllBytes(block);
        bytes[bytes.length / 2] ^= 1;
        assertThat(block.toFile().setWritable(true)).isTrue();
        Files.write(block, bytes);
        DemoProcess.Ended damaged = DemoProcess.run(data);
        assertThat(damaged.exitCode()).as(String.join("\n", damaged.lines())).isEqualTo(3);
        assertThat(String.join("\n", damaged.lines())).containsPattern("baf[a-z2-7]{50,}");
    }

    private Path largestBlock() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("store"))) {
            return files.filter(Files::isRegularFile)
                    .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
        }
    }

    private static List<String> transactions(DemoProcess.Ended run, String step) {
        return run.with("ok   " + step).stream()
                .map(line -> line.substring(line.indexOf("tx 0x")))
                .toList();
    }
}
