package io.bitdelta.node.chain;

/** What a node said to a signed transaction. */
public sealed interface Broadcast {
    /** Taken into the mempool, or known already. */
    record Accepted() implements Broadcast {}

    /** The account's nonce has passed this one: this transaction or a rival with its nonce is mined. */
    record NonceTooLow() implements Broadcast {}

    /** It pays too little: for today's base fee, or to replace the transaction with its nonce that waits already. */
    record Underpriced(String message) implements Broadcast {}

    /** Refused for another reason, e.g. too little balance. */
    record Refused(String message) implements Broadcast {}
}
