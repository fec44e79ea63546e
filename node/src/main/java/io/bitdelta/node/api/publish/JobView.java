package io.bitdelta.node.api.publish;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bitdelta.node.jobs.Job;
import io.bitdelta.node.jobs.JobStep;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A job as callers see it. */
record JobView(
        String id,
        String kind,
        String state,
        String waitingFor,
        int progress,
        List<StepView> steps,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ProblemView problem,
        String created,
        String updated) {

    /** One thing that happened. */
    record StepView(int seq, String name, String at, ObjectNode result) {
        static StepView of(JobStep step) {
            return new StepView(step.seq(), step.name(), step.at().toString(), step.detail());
        }
    }

    /** Why it was given up. */
    record ProblemView(String type, String title, int status, String detail) {}

    static JobView of(Job job) {
        return new JobView(
                job.id(),
                job.kind(),
                job.state().name(),
                job.waitingFor(),
                job.progress(),
                job.steps().stream().map(StepView::of).toList(),
                job.problem()
                        .map(problem -> new ProblemView(
                                "urn:bitdelta:problem:" + problem.slug(),
                                problem.slug().replace('-', ' '),
                                problem.status(),
                                problem.detail()))
                        .orElse(null),
                job.created().toString(),
                job.updated().toString());
    }
}
