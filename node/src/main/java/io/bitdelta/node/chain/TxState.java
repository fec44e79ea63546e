package io.bitdelta.node.chain;

/** Where an intended transaction stands. The names are stored. */
public enum TxState {
    /** Signed and stored; a broadcast may or may not have happened. */
    SIGNED,
    /** A node accepted the bytes. */
    SUBMITTED,
    /** In a block that may still be reorganised away. */
    MINED,
    /** Under enough blocks, and executed. */
    CONFIRMED,
    /** Under enough blocks, and reverted; or its nonce was used by a foreign transaction. */
    FAILED;

    /** Whether nothing more will happen. */
    public boolean isFinal() {
        return this == CONFIRMED || this == FAILED;
    }
}
