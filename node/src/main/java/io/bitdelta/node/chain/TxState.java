package io.bitdelta.node.chain;

/** Where an intended transaction stands. The names are stored; {@link TxMachine} says how one follows another. */
public enum TxState {
    /** Fees are above the operator's cap: unsigned, or signed and left in the mempool until they fall. */
    WAITING_FEE,
    /** Signed and stored; a broadcast may or may not have happened. */
    SIGNED,
    /** A node accepted the bytes. */
    SUBMITTED,
    /** What it rests on has expired; its nonce is being given to an empty transaction. */
    CANCELLING,
    /** In a block that may still be reorganised away. */
    MINED,
    /** Under enough blocks, and executed. */
    CONFIRMED,
    /** Under enough blocks, and reverted; or its nonce was used by a foreign transaction. */
    FAILED,
    /** Never executed, and never will be: what it rests on expired first. */
    EXPIRED;

    /** Whether nothing more will happen. */
    public boolean isFinal() {
        return this == CONFIRMED || this == FAILED || this == EXPIRED;
    }
}
