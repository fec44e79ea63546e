package io.bitdelta.node.jobs;

import java.time.Duration;
import java.util.List;

/** One kind of work. Stateless: everything about a job is in its {@link JobRun}. */
public interface JobKind {
    /** Its name; stored. */
    String name();

    /** The steps of a job that goes through without a detour, for its progress. */
    List<String> steps();

    /**
     * Does as much as can be done now. May be called again after a crash anywhere in it, so whatever it does must be
     * repeatable or recorded with {@link JobRun#once}.
     *
     * @throws Exception a failure; {@link Jobs} decides whether it is tried again
     */
    Outcome run(JobRun run) throws Exception;

    /**
     * Lets go of what a job holds that was given up. May be called again.
     *
     * @throws Exception a failure, which is logged
     */
    default void abandoned(JobRun run) throws Exception {}

    /** How a run ended. */
    sealed interface Outcome {
        /** Everything is done. */
        record Done() implements Outcome {}

        /**
         * Something from outside is missing; {@link Jobs#signal} wakes it.
         *
         * @param what e.g. {@code signature}
         */
        record Waiting(String what) implements Outcome {}

        /**
         * It cannot go on now and looks again by itself.
         *
         * @param after pause
         * @param why e.g. {@code gas-budget}
         */
        record Later(Duration after, String why) implements Outcome {}
    }
}
