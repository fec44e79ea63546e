package io.bitdelta.node.jobs;

/** An idempotency key that stands for another request already. */
public final class IdempotencyConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    IdempotencyConflictException(String key, String jobId) {
        super("the idempotency key \"%s\" stands for another request already (job %s): use a new key for a new request"
                .formatted(key, jobId));
    }
}
