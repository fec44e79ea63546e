package io.bitdelta.node.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.fault.FaultPoint;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
            Jobs desk = desk(house, outbox);
            IntStream.range(0, 3).forEach(n -> workers.add(worker(house, shared, "-")));
            List<String> ids = IntStream.range(0, JOBS)
                    .mapToObj(n -> submit(desk, "job " + n))
                    .toList();
            Random random = new Random(3);
            long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            int killed = 0;
            while (open(desk, ids) > 0 && System.nanoTime() < deadline) {
                if (killed < 3 && open(desk, ids) < JOBS - 8 * killed) {
                    workers.remove(random.nextInt(workers.size()))
                            .destroyForcibly()
                            .waitFor();
                    workers.add(worker(house, shared, "-"));
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

    /** Which of the others is in the middle of it does not matter: the one that is killed is in the middle of some job. */
    @ParameterizedTest
    @EnumSource(
            value = FaultPoint.class,
            names = {"TX_STORED", "TX_BROADCAST", "TX_FINAL", "JOB_RAN"})
    void aNodeKilledInTheMiddleOfAJobIsTakenOver(FaultPoint point) throws Exception {
        Process survivor = null;
        Process victim = null;
        try (OutboxHouse house = new OutboxHouse(folder, DatabaseKind.POSTGRESQL, 2)) {
            Outbox outbox = house.outbox(OutboxHouse.QUICK, Faults.NONE);
            DatabaseSettings.Postgresql shared =
                    (DatabaseSettings.Postgresql) DatabaseKind.POSTGRESQL.settings(folder.resolve("test.sqlite"));
            Jobs desk = desk(house, outbox);
            victim = worker(house, shared, point.name());
            String id = submit(desk, "the job");
            // Alone, so the job is its: it dies at the point, and nobody else has touched the job.
            assertThat(victim.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(victim.exitValue()).isEqualTo(137);
            assertThat(desk.find(id).map(Job::state)).contains(JobState.RUNNING);
            survivor = worker(house, shared, "-");
            long start = System.nanoTime();
            // Jobs that come later do not wait for the one that is left behind.
            String later = submit(desk, "a later job");
            awaitFinal(desk, List.of(id, later));
            long tookOver = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            System.out.printf(
                    "killed at %s: taken over and finished %d ms after the other node began%n", point, tookOver);
            assertThat(desk.find(id).map(Job::state)).contains(JobState.SUCCEEDED);
            assertThat(desk.find(later).map(Job::state)).contains(JobState.SUCCEEDED);
            assertThat(house.effects()).isEqualTo(2);
            assertThat(outbox.queue()).isEmpty();
        } finally {
            end(victim);
            end(survivor);
        }
    }

    @Test
    void aNodeThatIsWorkingAlreadyTakesOverWithinSecondsOfTheOthersDeath() throws Exception {
        Process survivor = null;
        Process victim = null;
        try (OutboxHouse house = new OutboxHouse(folder, DatabaseKind.POSTGRESQL, 2)) {
            Outbox outbox = house.outbox(OutboxHouse.QUICK, Faults.NONE);
            DatabaseSettings.Postgresql shared =
                    (DatabaseSettings.Postgresql) DatabaseKind.POSTGRESQL.settings(folder.resolve("test.sqlite"));
            Jobs desk = desk(house, outbox);
            survivor = worker(house, shared, "-");
            victim = worker(house, shared, FaultPoint.TX_BROADCAST.name());
            List<String> ids = new ArrayList<>();
            // Both take jobs, until one of them falls on the victim.
            for (int n = 0; victim.isAlive() && n < JOBS; n++) {
                ids.add(submit(desk, "job " + n));
                victim.waitFor(200, TimeUnit.MILLISECONDS);
            }
            assertThat(victim.waitFor(1, TimeUnit.MINUTES)).isTrue();
            long start = System.nanoTime();
            assertThat(victim.exitValue()).isEqualTo(137);
            awaitFinal(desk, ids);
            System.out.printf(
                    "a node at work took over %d ms after the other's death%n",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            for (String id : ids) {
                assertThat(desk.find(id).map(Job::state)).as(id).contains(JobState.SUCCEEDED);
            }
            assertThat(house.effects()).isEqualTo(ids.size());
            assertThat(outbox.queue()).isEmpty();
        } finally {
            end(victim);
            end(survivor);
        }
    }

    private static Jobs desk(OutboxHouse house, Outbox outbox) {
        return new Jobs(
                house.database,
                List.of(new CountingJob(outbox, house.counter)),
                CountingJob.rules(),
                Faults.NONE,
                Clock.systemUTC());
    }

    private static String submit(Jobs desk, String name) {
        return desk.submit("caller", CountingJob.NAME, Optional.of(name), new JsonMapper().createObjectNode())
                .id();
    }

    private static void awaitFinal(Jobs desk, List<String> ids) {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (open(desk, ids) > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static void end(@Nullable Process process) throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    private static long open(Jobs desk, List<String> ids) {
        return desk.of("caller", JOBS).stream()
                .filter(job -> ids.contains(job.id()) && !job.state().isFinal())
                .count();
    }

    private static Process worker(OutboxHouse house, DatabaseSettings.Postgresql settings, String point) {
        List<String> arguments = new ArrayList<>(
                List.of(settings.url(), settings.user(), house.chain.client().url(), house.counter, point));
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
