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
    /** Times, salts and challenges of a publication are stored; nothing was made from them. */
    PUBLISH_INPUTS_STORED,
    /** The delta file is in the content store; the manifest is not. */
    PUBLISH_FILE_STORED,
    /** The manifest is in the content store; nobody was asked to sign. */
    PUBLISH_MANIFEST_STORED,
    /** Evidence and signature are in the content store; the database does not know it. */
    PUBLISH_BUNDLE_STORED,
    /** The database knows what was signed; nothing was sent. */
    PUBLISH_SIGNED,
    /** A signed publication is in a lane; no batch has it. */
    PUBLISH_QUEUED,
    /** A batch is formed; the outbox does not know it. */
    BATCH_CLAIMED,
    /** A batch's transaction is final; its items do not know it. */
    BATCH_FINAL,
    /** A publication is on the chain; nobody was told. */
    PUBLISH_DONE,
    /** Gas for somebody else's transaction is reserved; nothing was sent. */
    RELAY_RESERVED,
    /** A job is stored; the scheduler does not know it. */
    JOB_ACCEPTED,
    /** What a job waited for is stored; the scheduler does not know that it can go on. */
    JOB_SIGNALLED,
    /** A run of a job ended; its outcome is not noted. */
    JOB_RAN,
    /** A job's success is noted; the scheduler would run it again. */
    JOB_DONE
}
