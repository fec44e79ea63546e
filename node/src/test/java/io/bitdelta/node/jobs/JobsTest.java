package io.bitdelta.node.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.node.fault.FaultPoint;
import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.jobs.JobKind.Outcome;
import io.bitdelta.node.jobs.JobRules.Verdict;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@ParameterizedClass
@EnumSource(DatabaseKind.class)
final class JobsTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Parameter
    DatabaseKind kind = DatabaseKind.SQLITE;

    @TempDir
    Path folder;

    private Database database;
    private final List<Jobs> opened = new ArrayList<>();

    /** How often a step was really done. */
    private final AtomicInteger done = new AtomicInteger();

    @BeforeEach
    void open() {
        database = kind.open(folder.resolve("jobs.sqlite"));
    }

    @AfterEach
    void close() {
        opened.forEach(Jobs::close);
        database.close();
    }

    /** Does a step, waits for a word, does another. */
    private final class Greeting implements JobKind {
        @Override
        public String name() {
            return "greeting";
        }

        @Override
        public List<String> steps() {
            return List.of("greeted", "word", "answered");
        }

        @Override
        public Outcome run(JobRun run) throws Exception {
            run.once("greeted", () -> JSON.createObjectNode().put("count", done.incrementAndGet()));
            String ending = run.input().path("ending").asString("");
            if (ending.equals("broken")) {
                throw new IllegalArgumentException("it will not work");
            }
            if (ending.equals("shaky") && run.result("shaken").isEmpty()) {
                run.record("shaken", JSON.createObjectNode());
                throw new IOException("away for a moment");
            }
            Optional<ObjectNode> word = run.result("word");
            if (word.isEmpty()) {
                return new Outcome.Waiting("word");
            }
            run.record("answered", word.get());
            return new Outcome.Done();
        }
    }

    private Jobs jobs(Faults faults) {
        JobRules rules = new JobRules(
                4,
                Duration.ofMillis(100),
                Duration.ofMillis(300),
                Duration.ofMillis(200),
                Duration.ofDays(1),
                Duration.ofDays(1),
                20,
                failure -> failure instanceof IOException
                        ? new Verdict.TryAgain(String.valueOf(failure.getMessage()))
                        : new Verdict.GiveUp(new JobProblem("broken", 422, String.valueOf(failure.getMessage()))));
        Jobs jobs = new Jobs(database, List.of(new Greeting()), rules, faults, Clock.systemUTC());
        opened.add(jobs);
        return jobs;
    }

    private Jobs started() {
        Jobs jobs = jobs(Faults.NONE);
        jobs.start();
        return jobs;
    }

    private static ObjectNode input(String ending) {
        return JSON.createObjectNode().put("ending", ending);
    }

    private static ObjectNode word(String text) {
        return JSON.createObjectNode().put("word", text);
    }

    /** Everything that happened until a state. */
    private static List<JobStep> until(Jobs jobs, String id, JobState state) {
        List<JobStep> events = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        boolean[] reached = new boolean[1];
        jobs.watch(id, 0, () -> !reached[0] && System.nanoTime() < deadline, event -> {
            events.add(event);
            reached[0] = event.name().equals(JobStep.STATE)
                    && event.detail().path("state").asString().equals(state.name());
        });
        assertThat(jobs.find(id).orElseThrow().state()).isEqualTo(state);
        return events;
    }

    @Test
    void aJobGoesOnWhenItGetsWhatItWaitsFor() {
        Jobs jobs = started();
        Job job = jobs.submit("anna", "greeting", Optional.empty(), input(""));
        until(jobs, job.id(), JobState.WAITING);
        assertThat(jobs.find(job.id()).orElseThrow().waitingFor()).isEqualTo("word");
        assertThat(jobs.find(job.id()).orElseThrow().progress()).isEqualTo(33);
        assertThat(jobs.signal(job.id(), "word", word("hello"))).isTrue();
        until(jobs, job.id(), JobState.SUCCEEDED);
        Job over = jobs.find(job.id()).orElseThrow();
        assertThat(over.result("answered")).contains(word("hello"));
        assertThat(over.progress()).isEqualTo(100);
        assertThat(done).hasValue(1);
        assertThat(jobs.signal(job.id(), "word", word("too late"))).isFalse();
    }

    @Test
    void theSameKeyIsTheSameJobHoweverManyAskAtOnce() throws Exception {
        Jobs jobs = started();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> work = IntStream.range(0, 16)
                    .<Callable<String>>mapToObj(n -> () -> jobs.submit("anna", "greeting", Optional.of("k"), input(""))
                            .id())
                    .toList();
            Set<String> ids = new HashSet<>();
            for (Future<String> id : threads.invokeAll(work)) {
                ids.add(id.get());
            }
            assertThat(ids).hasSize(1);
        }
        assertThat(jobs.submit("berta", "greeting", Optional.of("k"), input("")).principal())
                .isEqualTo("berta");
        assertThatThrownBy(() -> jobs.submit("anna", "greeting", Optional.of("k"), input("other")))
                .isInstanceOf(IdempotencyConflictException.class)
                .hasMessageContaining("\"k\"");
    }

    @Test
    void aFailureThatMayPassIsTriedAgainAndOneThatWillNotIsTold() {
        Jobs jobs = started();
        Job shaky = jobs.submit("anna", "greeting", Optional.empty(), input("shaky"));
        until(jobs, shaky.id(), JobState.WAITING);
        Job broken = jobs.submit("anna", "greeting", Optional.empty(), input("broken"));
        until(jobs, broken.id(), JobState.FAILED);
        assertThat(jobs.find(broken.id()).orElseThrow().problem())
                .contains(new JobProblem("broken", 422, "it will not work"));
        assertThat(done).hasValue(2);
    }

    @Test
    void whoWatchesAgainIsToldWhatCameAfter() {
        Jobs jobs = started();
        Job job = jobs.submit("anna", "greeting", Optional.empty(), input("broken"));
        List<JobStep> all = until(jobs, job.id(), JobState.FAILED);
        List<JobStep> rest = new ArrayList<>();
        jobs.watch(job.id(), all.get(1).seq(), () -> true, rest::add);
        assertThat(rest).isEqualTo(all.subList(2, all.size()));
        assertThat(all).extracting(JobStep::seq).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aPrincipalHasOnlySoManyUnfinishedJobs() {
        Jobs jobs = jobs(Faults.NONE);
        IntStream.range(0, 20).forEach(n -> jobs.submit("anna", "greeting", Optional.empty(), input("")));
        assertThatThrownBy(() -> jobs.submit("anna", "greeting", Optional.empty(), input("")))
                .isInstanceOf(TooManyJobsException.class)
                .hasMessageContaining("20");
        assertThat(jobs.submit("berta", "greeting", Optional.empty(), input("")).state())
                .isEqualTo(JobState.QUEUED);
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultPoint.class,
            names = {"JOB_ACCEPTED", "JOB_SIGNALLED", "JOB_RAN", "JOB_DONE"})
    void aCrashAtAPointLosesNothing(FaultPoint point) throws InterruptedException {
        CountDownLatch crashed = new CountDownLatch(1);
        Faults once = reached -> {
            if (reached == point && crashed.getCount() > 0) {
                crashed.countDown();
                throw new Crash();
            }
        };
        Jobs dying = jobs(once);
        dying.start();
        String id;
        try {
            id = dying.submit("anna", "greeting", Optional.of("k"), input("")).id();
        } catch (Crash crash) {
            id = jobs(Faults.NONE)
                    .submit("anna", "greeting", Optional.of("k"), input(""))
                    .id();
        }
        until(dying, id, JobState.WAITING);
        try {
            dying.signal(id, "word", word("hello"));
        } catch (Crash crash) {
            assertThat(point).isEqualTo(FaultPoint.JOB_SIGNALLED);
        }
        assertThat(crashed.await(30, TimeUnit.SECONDS))
                .as("the dying node reached %s", point)
                .isTrue();
        Jobs survivor = started();
        until(survivor, id, JobState.SUCCEEDED);
        assertThat(done).hasValue(1);
        assertThat(survivor.find(id).orElseThrow().result("answered")).contains(word("hello"));
    }

    @Test
    void finishedJobsAreForgottenAfterTheirTime() {
        Jobs jobs = started();
        Job job = jobs.submit("anna", "greeting", Optional.of("k"), input("broken"));
        until(jobs, job.id(), JobState.FAILED);
        JobStore store = new JobStore(database, bare -> 0, Clock.systemUTC());
        assertThat(store.purge(job.created().minusSeconds(1))).isZero();
        assertThat(store.purge(job.created().plusSeconds(3600))).isEqualTo(1);
        assertThat(jobs.find(job.id())).isEmpty();
    }

    /** The process ended here. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }
}
