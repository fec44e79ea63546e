package io.bitdelta.node.fault;

/** A place between two effects, named for what has happened and what has not. */
public enum FaultPoint {
    /** A transaction was tried out; nothing is stored. */
    TX_TRIED,
    /** Nonce, intent and signed bytes are written, but not committed. */
    TX_STORING,
    /** Nonce, intent and signed bytes are committed; nothing was broadcast. */
    TX_STORED,
    /** An intent is committed without a nonce, because fees are above the cap. */
    TX_WAITING,
    /** The chain took the bytes; that is not noted. */
    TX_BROADCAST,
    /** A replacement is committed; it was not broadcast. */
    TX_REPLACED,
    /** A cancellation of an expired transaction is committed; it was not broadcast. */
    TX_CANCELLED,
    /** A receipt was seen; nothing is noted. */
    TX_RECEIPT_SEEN,
    /** The chain is durable and the transaction final; that is not noted. */
    TX_FINAL,
    /** The outcome is noted; nobody was told. */
    TX_SETTLED,
    /** A job is stored; the scheduler does not know it. */
    JOB_ACCEPTED,
    /** What a job waited for is stored; the scheduler does not know that it can go on. */
    JOB_SIGNALLED,
    /** A run of a job ended; its outcome is not noted. */
    JOB_RAN,
    /** A job's success is noted; the scheduler would run it again. */
    JOB_DONE
}
