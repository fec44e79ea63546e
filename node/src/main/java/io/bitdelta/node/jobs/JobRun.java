package io.bitdelta.node.jobs;

import io.bitdelta.node.trace.TraceStep;
import java.util.Optional;
import java.util.concurrent.Callable;
import tools.jackson.databind.node.ObjectNode;

/** A job in the hands of its kind. */
public final class JobRun {
    private final Job start;
    private final JobStore store;
    private TraceStep step = TraceStep.begin("step");

    JobRun(Job start, JobStore store) {
        this.start = start;
        this.store = store;
    }

    /** Nothing more is traced of it; on the thread that made it. */
    void end() {
        step.name("after the last step").close();
    }

    /** The job's id. */
    public String id() {
        return start.id();
    }

    /** Who asked for it. */
    public String principal() {
        return start.principal();
    }

    /** What was asked for. */
    public ObjectNode input() {
        return start.input();
    }

    /** The newest result of a step, from this run or an earlier one. */
    public Optional<ObjectNode> result(String step) {
        return store.newest(start.id(), step);
    }

    /** Stores a step's result, durably, as the newest of its name; a result that is the newest already is not stored twice. */
    public ObjectNode record(String step, ObjectNode result) {
        Optional<ObjectNode> known = result(step);
        if (known.isEmpty() || !known.get().equals(result)) {
            store.append(start.id(), step, result);
            this.step.name("step " + step).close();
            this.step = TraceStep.begin("step");
        }
        return result;
    }

    /** The stored result of a step, or that of {@code work}, which is then stored. */
    public ObjectNode once(String step, Callable<ObjectNode> work) throws Exception {
        Optional<ObjectNode> known = result(step);
        return known.isPresent() ? known.get() : record(step, work.call());
    }

    /** Says what is in the way while the job goes on. */
    public void waitingFor(String what) {
        store.note(start.id(), what);
    }
}
