package io.bitdelta.node.api.publish;

import io.bitdelta.node.api.Call;
import io.bitdelta.node.api.Problem;
import io.bitdelta.node.api.Reply;
import io.bitdelta.node.jobs.IdempotencyConflictException;
import io.bitdelta.node.jobs.Job;
import io.bitdelta.node.jobs.Jobs;
import io.bitdelta.node.jobs.TooManyJobsException;
import tools.jackson.databind.node.ObjectNode;

/** Accepts jobs from callers: once for each {@code Idempotency-Key}, with a bound for each caller. */
public final class JobIntake {
    private final Jobs jobs;

    /** @param jobs that run them */
    public JobIntake(Jobs jobs) {
        this.jobs = jobs;
    }

    /** Accepts a job, or finds the one that the caller's key stands for: 202 with its address. */
    public Reply accept(Call call, String kind, ObjectNode input) {
        Job job = submit(call, kind, input);
        return Reply.json(202, JobView.of(job)).withHeader("Location", "/api/jobs/" + job.id());
    }

    private Job submit(Call call, String kind, ObjectNode input) {
        try {
            return jobs.submit(call.principal().id(), kind, call.header("Idempotency-Key"), input);
        } catch (IdempotencyConflictException other) {
            throw Problem.of(422, "idempotency-key-reused", String.valueOf(other.getMessage()));
        } catch (TooManyJobsException many) {
            throw Problem.of(429, "too-many-jobs", String.valueOf(many.getMessage()))
                    .withHeader("Retry-After", "60");
        }
    }
}
