/**
 * Work that outlives the request that asked for it, and the process that began it.
 *
 * <p>Entry: {@link io.bitdelta.node.jobs.Jobs}. A job is a row with its input and the results of the steps that are done;
 * whoever runs it, on whichever node, reads the results and goes on. It may run again after a crash, so kinds of jobs make
 * every step repeatable. Asking again with the same idempotency key gives the same job.
 */
@NullMarked
package io.bitdelta.node.jobs;

import org.jspecify.annotations.NullMarked;
