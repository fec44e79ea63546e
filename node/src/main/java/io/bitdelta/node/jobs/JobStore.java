package io.bitdelta.node.jobs;

import static io.bitdelta.node.jobs.JobTables.*;

import io.bitdelta.node.store.Database;
import io.bitdelta.node.trace.TraceStep;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The rows of jobs. Every write updates the job's row first, which locks it. */
final class JobStore {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> OPEN =
            List.of(JobState.QUEUED.name(), JobState.RUNNING.name(), JobState.WAITING.name());

    private final Database database;
    private final ToIntFunction<Job> progress;
    private final Clock clock;

    /** @param progress percent, from a job without it */
    JobStore(Database database, ToIntFunction<Job> progress, Clock clock) {
        this.database = database;
        this.progress = progress;
        this.clock = clock;
    }

    /**
     * Inserts a job, unless the principal has one with the key already.
     *
     * @return whether it is new
     */
    boolean insert(
            String id, String kind, String principal, @Nullable String key, String requestHash, ObjectNode input) {
        long now = clock.millis();
        return database.sql()
                        .insertInto(JOB)
                        .set(ID, id)
                        .set(KIND, kind)
                        .set(PRINCIPAL, principal)
                        .set(IDEMPOTENCY_KEY, key)
                        .set(REQUEST_HASH, requestHash)
                        .set(INPUT, input.toString())
                        .set(STATE, JobState.QUEUED.name())
                        .set(WAITING_FOR, "")
                        .set(LAST_SEQ, 0)
                        .set(TRACEPARENT, TraceStep.traceparent().orElse(null))
                        .set(CREATED_AT_MS, now)
                        .set(UPDATED_AT_MS, now)
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    /** Who holds an idempotency key. */
    record Holder(String id, String requestHash) {}

    Optional<Holder> holder(String principal, String key) {
        return database.sql()
                .select(ID, REQUEST_HASH)
                .from(JOB)
                .where(PRINCIPAL.eq(principal), IDEMPOTENCY_KEY.eq(key))
                .fetchOptional()
                .map(row -> new Holder(row.value1(), row.value2()));
    }

    int open(String principal) {
        return database.sql().fetchCount(JOB, PRINCIPAL.eq(principal), STATE.in(OPEN));
    }

    Optional<Job> find(String id) {
        return database.sql()
                .select(JOB_COLUMNS)
                .from(JOB)
                .where(ID.eq(id))
                .fetchOptional()
                .map(row -> job(row, eventsAfter(id, 0)));
    }

    /** Jobs of a principal, or everybody's, newest first. */
    List<Job> newest(@Nullable String principal, int limit) {
        return database
                .sql()
                .select(JOB_COLUMNS)
                .from(JOB)
                .where(principal == null ? DSL.noCondition() : PRINCIPAL.eq(principal))
                .orderBy(CREATED_AT_MS.desc(), ID)
                .limit(limit)
                .fetch()
                .stream()
                .map(row -> job(row, eventsAfter(row.get(ID), 0)))
                .toList();
    }

    List<JobStep> eventsAfter(String id, int seq) {
        return database.sql()
                .select(EVENT_COLUMNS)
                .from(JOB_EVENT)
                .where(JOB_ID.eq(id), SEQ.gt(seq))
                .orderBy(SEQ)
                .fetch(row -> new JobStep(
                        row.get(SEQ),
                        row.get(EVENT_NAME),
                        object(row.get(DETAIL)),
                        Instant.ofEpochMilli(row.get(AT_MS))));
    }

    Optional<ObjectNode> newest(String id, String step) {
        return database.sql()
                .select(DETAIL)
                .from(JOB_EVENT)
                .where(JOB_ID.eq(id), EVENT_NAME.eq(step))
                .orderBy(SEQ.desc())
                .limit(1)
                .fetchOptional(DETAIL)
                .map(JobStore::object);
    }

    void append(String id, String step, ObjectNode detail) {
        database.transaction(sql -> {
            append(sql, id, step, detail);
            return true;
        });
    }

    private int append(DSLContext sql, String id, String step, ObjectNode detail) {
        long now = clock.millis();
        sql.update(JOB)
                .set(LAST_SEQ, LAST_SEQ.plus(1))
                .set(UPDATED_AT_MS, now)
                .where(ID.eq(id))
                .execute();
        int seq = sql.select(LAST_SEQ).from(JOB).where(ID.eq(id)).fetchSingle(LAST_SEQ);
        sql.insertInto(JOB_EVENT)
                .set(JOB_ID, id)
                .set(SEQ, seq)
                .set(EVENT_NAME, step)
                .set(DETAIL, detail.toString())
                .set(AT_MS, now)
                .execute();
        return seq;
    }

    int lastSeq(String id) {
        return database.sql().select(LAST_SEQ).from(JOB).where(ID.eq(id)).fetchSingle(LAST_SEQ);
    }

    /** Says what is in the way, when that is news. */
    void note(String id, String waitingFor) {
        database.transaction(sql -> {
            int changed = sql.update(JOB)
                    .set(WAITING_FOR, waitingFor)
                    .where(ID.eq(id), WAITING_FOR.ne(waitingFor))
                    .execute();
            if (changed == 1) {
                appendState(sql, id, JobState.RUNNING, waitingFor, null);
            }
            return true;
        });
    }

    /**
     * Moves a job that is not final.
     *
     * @return false when it is final
     */
    boolean move(String id, JobState to, String waitingFor, @Nullable JobProblem problem) {
        return database.transaction(sql -> move(sql, id, to, waitingFor, problem, STATE.in(OPEN)));
    }

    /**
     * Moves a job to WAITING, unless something has happened to it since {@code seq}.
     *
     * @return whether it was moved
     */
    boolean park(String id, int seq, String waitingFor) {
        return database.transaction(sql ->
                move(sql, id, JobState.WAITING, waitingFor, null, STATE.in(OPEN).and(LAST_SEQ.eq(seq))));
    }

    /**
     * Appends what a waiting job waits for, and queues it.
     *
     * @return false when it is final
     */
    boolean signal(String id, String step, ObjectNode detail) {
        return database.transaction(sql -> {
            boolean open = move(sql, id, JobState.QUEUED, "", null, STATE.in(OPEN));
            if (open) {
                append(sql, id, step, detail);
            }
            return open;
        });
    }

    private boolean move(
            DSLContext sql,
            String id,
            JobState to,
            String waitingFor,
            @Nullable JobProblem problem,
            Condition condition) {
        int moved = sql.update(JOB)
                .set(STATE, to.name())
                .set(WAITING_FOR, waitingFor)
                .set(PROBLEM, problem == null ? null : JSON.writeValueAsString(problem))
                .where(ID.eq(id), condition)
                .execute();
        if (moved == 1) {
            appendState(sql, id, to, waitingFor, problem);
        }
        return moved == 1;
    }

    private void appendState(
            DSLContext sql, String id, JobState state, String waitingFor, @Nullable JobProblem problem) {
        ObjectNode detail = JSON.createObjectNode().put("state", state.name());
        if (!waitingFor.isEmpty()) {
            detail.put("waitingFor", waitingFor);
        }
        if (problem != null) {
            detail.set("problem", JSON.valueToTree(problem));
        }
        append(sql, id, JobStep.STATE, detail);
    }

    /** What a job continues; null for no trace. */
    @Nullable
    String traceparent(String id) {
        return database.sql().select(TRACEPARENT).from(JOB).where(ID.eq(id)).fetchOne(TRACEPARENT);
    }

    /** How many jobs there are in each state. */
    static Map<JobState, Integer> counts(Database database) {
        Map<JobState, Integer> counts = new EnumMap<>(JobState.class);
        database.reads()
                .select(STATE, DSL.count())
                .from(JOB)
                .groupBy(STATE)
                .forEach(row -> counts.put(JobState.valueOf(row.value1()), row.value2()));
        return counts;
    }

    /** When the oldest unfinished job that waits for nobody outside was accepted. */
    Optional<Instant> oldestOpen() {
        return database.reads()
                .select(DSL.min(CREATED_AT_MS))
                .from(JOB)
                .where(STATE.in(JobState.QUEUED.name(), JobState.RUNNING.name()))
                .fetchOptional(DSL.min(CREATED_AT_MS))
                .map(Instant::ofEpochMilli);
    }

    /** Jobs that somebody should work on and that the scheduler does not know, e.g. because of a crash in between. */
    List<String> forgotten(String taskName) {
        return database.sql()
                .select(ID)
                .from(JOB)
                .where(STATE.in(JobState.QUEUED.name(), JobState.RUNNING.name()))
                .and(ID.notIn(DSL.select(TASK_INSTANCE).from(SCHEDULED).where(TASK_NAME.eq(taskName))))
                .fetch(ID);
    }

    /** Jobs that have waited since before a moment. */
    List<String> waitingSince(Instant before) {
        return database.sql()
                .select(ID)
                .from(JOB)
                .where(STATE.eq(JobState.WAITING.name()), UPDATED_AT_MS.lt(before.toEpochMilli()))
                .limit(1000)
                .fetch(ID);
    }

    /** Deletes jobs that were finished before a moment; returns how many. */
    int purge(Instant before) {
        return database.transaction(sql -> {
            List<String> old = sql.select(ID)
                    .from(JOB)
                    .where(STATE.notIn(OPEN), UPDATED_AT_MS.lt(before.toEpochMilli()))
                    .limit(1000)
                    .fetch(ID);
            sql.deleteFrom(JOB_EVENT).where(JOB_ID.in(old)).execute();
            return sql.deleteFrom(JOB).where(ID.in(old)).execute();
        });
    }

    private Job job(Record row, List<JobStep> events) {
        String problem = row.get(PROBLEM);
        Job bare = new Job(
                row.get(ID),
                row.get(KIND),
                row.get(PRINCIPAL),
                object(row.get(INPUT)),
                JobState.valueOf(row.get(STATE)),
                row.get(WAITING_FOR),
                0,
                events.stream()
                        .filter(event -> !event.name().equals(JobStep.STATE))
                        .toList(),
                Optional.ofNullable(problem).map(text -> JSON.readValue(text, JobProblem.class)),
                Instant.ofEpochMilli(row.get(CREATED_AT_MS)),
                Instant.ofEpochMilli(row.get(UPDATED_AT_MS)));
        return new Job(
                bare.id(),
                bare.kind(),
                bare.principal(),
                bare.input(),
                bare.state(),
                bare.waitingFor(),
                progress.applyAsInt(bare),
                bare.steps(),
                bare.problem(),
                bare.created(),
                bare.updated());
    }

    private static ObjectNode object(String json) {
        JsonNode tree = JSON.readTree(json);
        return tree instanceof ObjectNode object ? object : JSON.createObjectNode();
    }
}
