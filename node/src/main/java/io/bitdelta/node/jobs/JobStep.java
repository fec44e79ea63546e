package io.bitdelta.node.jobs;

import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * One thing that happened to a job.
 *
 * @param seq 1, 2, ... within the job
 * @param name of the step, or {@link #STATE}
 * @param detail its result
 * @param at when it was noted
 */
public record JobStep(int seq, String name, ObjectNode detail, Instant at) {
    /** The name of an event that is no step but a new state. */
    public static final String STATE = "state";
}
