package io.bitdelta.node.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.fault.JavaProcess;
import io.bitdelta.node.jobs.Job;
import io.bitdelta.node.jobs.JobState;
import io.bitdelta.node.jobs.Jobs;
import io.bitdelta.node.store.DatabaseKind;
import io.bitdelta.node.store.DatabaseSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.utils.Numeric;
import tools.jackson.databind.json.JsonMapper;

/** Processes on one PostgreSQL share accounts and jobs; what one leaves when it is killed, another finishes. */
final class SeveralNodesTest {
    private static final int JOBS = 40;

    @TempDir
    Path folder;

    @Test
    void whatKilledNodesLeaveIsFinishedOnceByOthers() throws Exception {
        List<Process> workers = new ArrayList<>();
        try (OutboxHouse house = new OutboxHouse(folder, DatabaseKind.POSTGRESQL, 3)) {
            Outbox outbox = house.outbox(OutboxHouse.QUICK, Faults.NONE);
            DatabaseSettings.Postgresql shared =
                    (DatabaseSettings.Postgresql) DatabaseKind.POSTGRESQL.settings(folder.resolve("test.sqlite"));
            Jobs desk = new Jobs(
                    house.database,
                    List.of(new CountingJob(outbox, house.counter)),
                    CountingJob.rules(),
                    Faults.NONE,
                    Clock.systemUTC());
            IntStream.range(0, 3).forEach(n -> workers.add(worker(house, shared)));
            List<String> ids = IntStream.range(0, JOBS)
                    .mapToObj(n -> desk.submit(
                                    "caller",
                                    CountingJob.NAME,
                                    Optional.of("job " + n),
                                    new JsonMapper().createObjectNode())
                            .id())
                    .toList();
            Random random = new Random(3);
            long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            int killed = 0;
            while (open(desk, ids) > 0 && System.nanoTime() < deadline) {
                if (killed < 3 && open(desk, ids) < JOBS - 8 * killed) {
                    workers.remove(random.nextInt(workers.size()))
                            .destroyForcibly()
                            .waitFor();
                    workers.add(worker(house, shared));
                    killed++;
                }
            }
            assertThat(killed).isPositive();
            for (String id : ids) {
                assertThat(desk.find(id).map(Job::state)).as(id).contains(JobState.SUCCEEDED);
            }
            assertThat(house.effects()).isEqualTo(JOBS);
            assertThat(outbox.queue()).isEmpty();
        } finally {
            for (Process worker : workers) {
                worker.destroyForcibly().waitFor();
            }
        }
    }

    private static long open(Jobs desk, List<String> ids) {
        return desk.of("caller", JOBS).stream()
                .filter(job -> ids.contains(job.id()) && !job.state().isFinal())
                .count();
    }

    private static Process worker(OutboxHouse house, DatabaseSettings.Postgresql settings) {
        List<String> arguments = new ArrayList<>(
                List.of(settings.url(), settings.user(), house.chain.client().url(), house.counter));
        house.keys.forEach(key ->
                arguments.add(Numeric.toHexStringNoPrefix(key.getEcKeyPair().getPrivateKey())));
        try {
            Process process = JavaProcess.start(MortalWorker.class, arguments);
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.equals("WORKING")) {
                    return process;
                }
            }
            throw new AssertionError("a worker ended before it began");
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }
}
