package io.bitdelta.ipfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.pin.Pin;
import io.bitdelta.ipfs.pin.ScrubReport;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes are killed at random points; whatever they acknowledged is whole, and nothing else is readable. */
final class CrashTest {
    private static final int TOGETHER = 4;
    private static final int ROUNDS_PER_STORE = 20;

    @TempDir
    private Path folder;

    private final Set<Cid> kept = new HashSet<>();

    @Test
    void killedImportersLeaveNothingWrongAndLoseNothingAcknowledged() throws Exception {
        assertThat(crash(60, 20261121)).isGreaterThanOrEqualTo(60);
    }

    @Test
    @Tag("long")
    void thousandsOfKilledImportersLeaveNothingWrong() throws Exception {
        int kills = Integer.getInteger("bitdelta.crashes", 2000);
        long seed = Long.getLong("bitdelta.seed", System.nanoTime());
        int done = crash(kills, seed);
        Files.writeString(
                Path.of(System.getProperty("bitdelta.home"), "ipfs-store/target/crash-result.txt"),
                done + " kills, seed " + seed + ", nothing wrong, nothing lost\n");
    }

    /** Kills {@link #TOGETHER} importers of one store at a time; the store is checked after every round. */
    private int crash(int kills, long seed) throws Exception {
        Random random = new Random(seed);
        int done = 0;
        int acknowledged = 0;
        for (int round = 0; done < kills; round++) {
            // A store that grows for ever would make the checks, not the kills, the long part.
            Path home = folder.resolve("generation-" + round / ROUNDS_PER_STORE);
            if (round % ROUNDS_PER_STORE == 0) {
                kept.clear();
            }
            List<Process> importers = new ArrayList<>();
            for (int i = 0; i < TOGETHER; i++) {
                importers.add(start(home, random.nextLong()));
            }
            List<BufferedReader> outputs = new ArrayList<>();
            for (Process each : importers) {
                BufferedReader lines = each.inputReader(StandardCharsets.UTF_8);
                assertThat(lines.readLine()).isEqualTo("READY");
                outputs.add(lines);
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
            for (Process each : importers) {
                // Through the handle, because Process.destroyForcibly closes the streams that are still to be read.
                assertThat(each.toHandle().destroyForcibly()).isTrue();
                TimeUnit.MICROSECONDS.sleep(random.nextInt(20_000));
            }
            for (int i = 0; i < TOGETHER; i++) {
                assertThat(importers.get(i).waitFor()).as("killed, not ended").isNotZero();
                collect(outputs.get(i), kept);
                done++;
            }
            acknowledged += kept.size();
            check(home, "seed " + seed + ", round " + round);
        }
        assertThat(acknowledged).isPositive();
        return done;
    }

    private void check(Path home, String context) throws IOException {
        ContentStore store = ContentStore.open(home.resolve("store"));
        ScrubReport report = store.verify(Progress.NONE);
        assertThat(report.findings()).as(context).isEmpty();
        assertThat(store.pins().all().stream().map(Pin::cid).collect(Collectors.toSet()))
                .as(context)
                .containsAll(kept);
        for (Cid cid : kept) {
            store.cat(cid, OutputStream.nullOutputStream());
        }
    }

    private static Process start(Path home, long seed) throws IOException {
        Files.createDirectories(home);
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dslf4j.internal.verbosity=ERROR",
                        "-XX:-UsePerfData",
                        "-cp",
                        importersClassPath(),
                        CrashingImporter.class.getName(),
                        home.toString(),
                        Long.toString(seed))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Without the libraries that an importer of files never loads, and without a logger: it starts ten times faster. */
    private static String importersClassPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(all.split(File.pathSeparator, -1))
                .filter(each -> !each.endsWith(".jar") || each.contains("slf4j-api"))
                .collect(Collectors.joining(File.pathSeparator));
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
