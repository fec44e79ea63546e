package io.bitdelta.ipfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.pin.Pin;
import io.bitdelta.ipfs.pin.ScrubReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes are killed at random points; whatever they acknowledged is whole, and nothing else is readable. */
final class CrashTest {
    @TempDir
    private Path folder;

    @Test
    void killedImportersLeaveNothingWrongAndLoseNothingAcknowledged() throws Exception {
        crash(4, 20261121);
    }

    @Test
    @Tag("long")
    void thousandsOfKilledImportersLeaveNothingWrong() throws Exception {
        crash(Integer.getInteger("bitdelta.crashes", 1000), System.nanoTime());
    }

    private void crash(int times, long seed) throws Exception {
        Random random = new Random(seed);
        Set<Cid> kept = new HashSet<>();
        for (int i = 0; i < times; i++) {
            Process first = start(random.nextLong());
            Process second = start(random.nextLong());
            try (BufferedReader one = first.inputReader(StandardCharsets.UTF_8);
                    BufferedReader two = second.inputReader(StandardCharsets.UTF_8)) {
                assertThat(one.readLine()).isEqualTo("READY");
                assertThat(two.readLine()).isEqualTo("READY");
                TimeUnit.MILLISECONDS.sleep(random.nextInt(700));
                // Through the handle, because Process.destroyForcibly closes the streams that are still to be read.
                assertThat(first.toHandle().destroyForcibly()).isTrue();
                assertThat(second.toHandle().destroyForcibly()).isTrue();
                first.waitFor();
                second.waitFor();
                collect(one, kept);
                collect(two, kept);
            }
            check(kept, "seed " + seed + ", crash " + i);
        }
        assertThat(kept).isNotEmpty();
    }

    private void check(Set<Cid> kept, String context) throws IOException {
        ContentStore store = ContentStore.open(folder.resolve("store"));
        ScrubReport report = store.verify(Progress.NONE);
        assertThat(report.findings()).as(context).isEmpty();
        assertThat(store.pins().all().stream().map(Pin::cid).collect(Collectors.toSet()))
                .as(context)
                .containsAll(kept);
        for (Cid cid : kept) {
            store.cat(cid, OutputStream.nullOutputStream());
        }
    }

    private Process start(long seed) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        CrashingImporter.class.getName(),
                        folder.toString(),
                        Long.toString(seed))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** What was removed may or may not have been; what is added again afterwards counts again. */
    private static void collect(BufferedReader lines, Set<Cid> kept) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", -1);
            if (words.length == 2 && words[0].equals("KEPT") && words[1].length() == 59) {
                kept.add(Cid.parse(words[1]));
            } else if (words.length == 2 && words[0].equals("GONE")) {
                kept.remove(Cid.parse(words[1]));
            }
        }
    }
}
