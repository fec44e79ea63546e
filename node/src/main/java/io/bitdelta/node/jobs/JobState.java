package io.bitdelta.node.jobs;

/** Where a job stands. The names are stored. */
public enum JobState {
    /** Accepted; no node works on it now. */
    QUEUED,
    /** A node works on it, or tries again soon; {@link Job#waitingFor()} says what is in the way. */
    RUNNING,
    /** It needs something from outside; {@link Job#waitingFor()} says what. */
    WAITING,
    /** Done. */
    SUCCEEDED,
    /** Given up; {@link Job#problem()} says why. */
    FAILED,
    /** What it rests on has expired; {@link Job#problem()} says what to do. */
    EXPIRED;

    /** Whether nothing more will happen. */
    public boolean isFinal() {
        return this == SUCCEEDED || this == FAILED || this == EXPIRED;
    }
}
