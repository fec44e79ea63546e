package io.bitdelta.node.jobs;

/** A principal has as many unfinished jobs as one may have. */
public final class TooManyJobsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyJobsException(String principal, int open) {
        super("%s has %d unfinished jobs, the most there may be: finish or await some first"
                .formatted(principal, open));
    }
}
