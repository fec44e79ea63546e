package io.bitdelta.node.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler.OnCompleteRemove;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.bitdelta.node.fault.FaultPoint;
import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.jobs.JobKind.Outcome;
import io.bitdelta.node.jobs.JobRules.Verdict;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.trace.Traced;
import io.bitdelta.node.trace.Traces;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.node.ObjectNode;

/**
 * Accepts jobs and runs them, shared by all nodes on one database. A job whose node is killed is taken over by another, or
 * by the same node when it is back. Thread-safe.
 */
public final class Jobs implements AutoCloseable {
    private static final String TASK = "bitdelta-job";
    private static final String CARE = "bitdelta-job-care";
    private static final Duration WATCH_PAUSE = Duration.ofMillis(150);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(15);
    private static final int SILENT_HEARTBEATS = 4;

    private static final Logger log = LoggerFactory.getLogger(Jobs.class);

    private final Map<String, JobKind> kinds = new HashMap<>();
    private final Database database;
    private final JobStore store;
    private final JobRules rules;
    private final Faults faults;
    private final Traces traces;
    private final Clock clock;
    private final CustomTask<Void> task;
    private final Scheduler scheduler;
    private final ExecutorService threads;
    private final AtomicBoolean started = new AtomicBoolean();

    /** @param kinds the kinds of jobs that this node can run */
    public Jobs(Database database, List<JobKind> kinds, JobRules rules, Faults faults, Clock clock) {
        this(database, kinds, rules, faults, Traces.OFF, clock);
    }

    /**
     * As {@link #Jobs(Database, List, JobRules, Faults, Clock)}, with traces.
     *
     * @param traces a job continues that of the request that asked for it
     */
    public Jobs(Database database, List<JobKind> kinds, JobRules rules, Faults faults, Traces traces, Clock clock) {
        this.traces = traces;
        kinds.forEach(kind -> this.kinds.put(kind.name(), kind));
        this.database = database;
        this.store = new JobStore(database, this::progress, clock);
        this.rules = rules;
        this.faults = faults;
        this.clock = clock;
        this.task = Tasks.custom(TASK, Void.class)
                .onDeadExecutionRevive()
                .onFailure(new FailureHandler.OnFailureRetryLater<>(rules.retryAfter()))
                .execute((instance, context) -> run(instance.getId()));
        RecurringTask<Void> care =
                Tasks.recurring(CARE, FixedDelay.of(rules.retryAfter())).execute((instance, context) -> takeCare());
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        this.scheduler = Scheduler.create(database.dataSource(), task)
                .startTasks(care)
                .threads(rules.threads())
                .executorService(threads)
                .pollingInterval(rules.pollEvery())
                .heartbeatInterval(rules.heartbeat())
                .missedHeartbeatsLimit(SILENT_HEARTBEATS)
                .shutdownMaxWait(STOP_WITHIN)
                .enableImmediateExecution()
                .clock(clock::instant)
                .build();
    }

    /** Starts working on jobs, this node's and others'. */
    public void start() {
        if (started.compareAndSet(false, true)) {
            scheduler.start();
        }
    }

    /**
     * Accepts a job, or finds it.
     *
     * @param key idempotency key: the same principal and key is the same job
     * @throws IdempotencyConflictException when the key stands for another request
     * @throws TooManyJobsException when the principal has too many unfinished ones
     */
    public Job submit(String principal, String kind, Optional<String> key, ObjectNode input) {
        JobKind known = kinds.get(kind);
        if (known == null) {
            throw new IllegalArgumentException("no kind of job is called " + kind);
        }
        String requestHash = hash(kind, input);
        Optional<Job> before = key.flatMap(name -> held(principal, name, requestHash));
        if (before.isPresent()) {
            return before.get();
        }
        int open = store.open(principal);
        if (open >= rules.openPerPrincipal()) {
            throw new TooManyJobsException(principal, open);
        }
        String id = UUID.randomUUID().toString();
        if (!store.insert(id, kind, principal, key.orElse(null), requestHash, input)) {
            return held(principal, key.orElseThrow(), requestHash).orElseThrow();
        }
        faults.reach(FaultPoint.JOB_ACCEPTED);
        schedule(id);
        return find(id).orElseThrow();
    }

    private Optional<Job> held(String principal, String key, String requestHash) {
        return store.holder(principal, key).map(holder -> {
            if (!holder.requestHash().equals(requestHash)) {
                throw new IdempotencyConflictException(key, holder.id());
            }
            return find(holder.id()).orElseThrow();
        });
    }

    private static String hash(String kind, ObjectNode input) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest((kind + "\n" + input).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private void schedule(String id) {
        scheduler.scheduleIfNotExists(task.instance(id), clock.instant());
    }

    /** A job. */
    public Optional<Job> find(String id) {
        return store.find(id);
    }

    /** The newest jobs of a principal. */
    public List<Job> of(String principal, int limit) {
        return store.newest(principal, limit);
    }

    /** The newest jobs of everybody. */
    public List<Job> newest(int limit) {
        return store.newest(null, limit);
    }

    /** How many jobs there are in each state; finished ones are kept for a while. */
    public Map<JobState, Integer> counts() {
        return JobStore.counts(database);
    }

    /** How many jobs of each state a database holds that are not over; no node needs to run on it. */
    public static Map<JobState, Integer> open(Database database) {
        Map<JobState, Integer> open = JobStore.counts(database);
        open.keySet().removeIf(JobState::isFinal);
        return open;
    }

    /** For how long the oldest unfinished job has been one that waits for nobody outside; zero when there is none. */
    public Duration oldest() {
        return store.oldestOpen()
                .map(since -> Duration.between(since, clock.instant()))
                .orElse(Duration.ZERO);
    }

    /**
     * Gives a job what it waits for, and wakes it.
     *
     * @param step stored as the newest result of this name
     * @return false when the job is over
     */
    public boolean signal(String id, String step, ObjectNode detail) {
        boolean open = store.signal(id, step, detail);
        if (open) {
            faults.reach(FaultPoint.JOB_SIGNALLED);
            schedule(id);
        }
        return open;
    }

    /**
     * Tells everything that happened to a job after {@code seq}, then waits for more until the job is over or nobody
     * listens.
     *
     * @param listening asked between events
     * @return the number of the last event told
     */
    public int watch(String id, int seq, BooleanSupplier listening, Consumer<JobStep> listener) {
        int told = seq;
        while (listening.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
            boolean over = find(id).map(job -> job.state().isFinal()).orElse(true);
            for (JobStep event : store.eventsAfter(id, told)) {
                listener.accept(event);
                told = event.seq();
            }
            if (over) {
                return told;
            }
            LockSupport.parkNanos(this, WATCH_PAUSE.toNanos());
        }
        return told;
    }

    private int progress(Job job) {
        JobKind kind = kinds.get(job.kind());
        if (job.state() == JobState.SUCCEEDED) {
            return 100;
        }
        if (kind == null) {
            return 0;
        }
        long done = kind.steps().stream()
                .filter(step -> job.result(step).isPresent())
                .count();
        return (int) (100 * done / kind.steps().size());
    }

    private CompletionHandler<Void> run(String id) {
        Optional<Job> found = find(id);
        if (found.isEmpty() || found.get().state().isFinal()) {
            return new OnCompleteRemove<>();
        }
        Job job = found.get();
        JobKind kind = kinds.get(job.kind());
        if (kind == null) {
            return later(Duration.ofMinutes(1));
        }
        if (job.state() != JobState.RUNNING) {
            store.move(id, JobState.RUNNING, "", null);
        }
        int seq = store.lastSeq(id);
        Traced traced = traces.on() ? traces.job(job.kind(), store.traceparent(id)) : traces.job(job.kind(), null);
        traced.with("bitdelta.job.id", id);
        MDC.put("request", traced.id().orElse(""));
        Traced.Part part = traced.enter();
        try {
            return after(id, seq, traced(job, kind));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return later(Duration.ZERO);
        } catch (Exception failure) {
            traced.failed(failure.getClass().getSimpleName());
            return failed(job, failure);
        } finally {
            part.close();
            traced.end();
            MDC.remove("request");
        }
    }

    private Outcome traced(Job job, JobKind kind) throws Exception {
        JobRun run = new JobRun(job, store);
        try {
            return kind.run(run);
        } finally {
            run.end();
        }
    }

    private CompletionHandler<Void> after(String id, int seqBefore, Outcome outcome) {
        faults.reach(FaultPoint.JOB_RAN);
        return switch (outcome) {
            case Outcome.Done done -> {
                store.move(id, JobState.SUCCEEDED, "", null);
                faults.reach(FaultPoint.JOB_DONE);
                yield new OnCompleteRemove<>();
            }
            case Outcome.Later later -> {
                store.note(id, later.why());
                yield later(later.after());
            }
            case Outcome.Waiting waiting -> {
                int seq = store.lastSeq(id);
                boolean signalled = store.eventsAfter(id, seqBefore).stream()
                        .anyMatch(event -> event.name().equals(JobStep.STATE)
                                && event.detail().path("state").asString().equals(JobState.QUEUED.name()));
                boolean parked = !signalled && store.park(id, seq, waiting.what());
                yield parked ? new OnCompleteRemove<>() : later(Duration.ZERO);
            }
        };
    }

    private CompletionHandler<Void> failed(Job job, Exception failure) {
        return switch (rules.problemOf().apply(failure)) {
            case Verdict.TryAgain again -> {
                log.warn("job {} ({}) tries again: {}", job.id(), job.kind(), again.why());
                store.note(job.id(), again.why());
                yield later(rules.retryAfter());
            }
            case Verdict.GiveUp given -> {
                end(job, JobState.FAILED, given.problem());
                yield new OnCompleteRemove<>();
            }
            case Verdict.Expired expired -> {
                end(job, JobState.EXPIRED, expired.problem());
                yield new OnCompleteRemove<>();
            }
        };
    }

    private void end(Job job, JobState state, JobProblem problem) {
        JobKind kind = kinds.get(job.kind());
        try {
            if (kind != null) {
                JobRun run = new JobRun(job, store);
                kind.abandoned(run);
                run.end();
            }
        } catch (Exception left) {
            log.warn("job {} ({}) left something behind: {}", job.id(), job.kind(), left.getMessage());
        }
        store.move(job.id(), state, "", problem);
    }

    /** Nobody gave it what it waited for. */
    private void giveUpWaiting(Job job) {
        end(
                job,
                JobState.EXPIRED,
                new JobProblem(
                        "waited-too-long",
                        410,
                        "nobody gave its %s in %d days: ask for it again"
                                .formatted(job.waitingFor(), rules.waitAtMost().toDays())));
    }

    private CompletionHandler<Void> later(Duration pause) {
        Instant at = clock.instant().plus(pause);
        return (complete, operations) -> operations.reschedule(complete, at);
    }

    /** A crash between storing a job and scheduling it leaves it to whoever looks first. */
    private void takeCare() {
        store.forgotten(TASK).forEach(this::schedule);
        store.waitingSince(clock.instant().minus(rules.waitAtMost())).stream()
                .flatMap(id -> find(id).stream())
                .forEach(this::giveUpWaiting);
        int purged = store.purge(clock.instant().minus(rules.keep()));
        if (purged > 0) {
            log.info(
                    "{} finished jobs were older than {} days and are gone",
                    purged,
                    rules.keep().toDays());
        }
    }

    /** Stops working: waits for running jobs for some seconds; what is left is taken over. */
    @Override
    public void close() {
        if (started.get()) {
            scheduler.stop();
        }
        threads.close();
    }
}
