package io.bitdelta.node.jobs;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A job as it stands.
 *
 * @param id names it
 * @param kind what it does
 * @param principal who asked for it
 * @param input what was asked for
 * @param state where it stands
 * @param waitingFor what is missing or in the way; empty for nothing
 * @param progress percent of its kind's steps that are done
 * @param steps what was done, each with its result
 * @param problem why it was given up
 * @param created when it was accepted
 * @param updated when anything about it last changed
 */
public record Job(
        String id,
        String kind,
        String principal,
        ObjectNode input,
        JobState state,
        String waitingFor,
        int progress,
        List<JobStep> steps,
        Optional<JobProblem> problem,
        Instant created,
        Instant updated) {
    /** The newest result of a step. */
    public Optional<ObjectNode> result(String step) {
        return steps.reversed().stream()
                .filter(done -> done.name().equals(step))
                .map(JobStep::detail)
                .findFirst();
    }
}
