package io.bitdelta.node.jobs;

import java.time.Duration;
import java.util.function.Function;

/**
 * How jobs are run.
 *
 * @param threads jobs that a node runs at the same time
 * @param pollEvery how often a node looks for work that another one left
 * @param heartbeat how often a node says of a running job that it lives; after four silent ones another node takes over
 * @param retryAfter pause before a failure that may pass is tried again
 * @param keep how long finished jobs and their keys are kept
 * @param waitAtMost how long a job waits for something from outside before it is given up
 * @param openPerPrincipal unfinished jobs that one principal may have
 * @param problemOf why a failure ends a job; empty for one that may pass and is tried again
 */
public record JobRules(
        int threads,
        Duration pollEvery,
        Duration heartbeat,
        Duration retryAfter,
        Duration keep,
        Duration waitAtMost,
        int openPerPrincipal,
        Function<Exception, Verdict> problemOf) {
    /** What a failure means. */
    public sealed interface Verdict {
        /** It may pass. */
        record TryAgain(String why) implements Verdict {}

        /** It will not. */
        record GiveUp(JobProblem problem) implements Verdict {}

        /** What the job rests on has expired. */
        record Expired(JobProblem problem) implements Verdict {}
    }

    /** For a running node. */
    public static JobRules of(Function<Exception, Verdict> problemOf) {
        return new JobRules(
                8,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofDays(30),
                Duration.ofDays(7),
                100,
                problemOf);
    }
}
