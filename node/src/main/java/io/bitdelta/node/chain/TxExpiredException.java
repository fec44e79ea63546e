package io.bitdelta.node.chain;

/** A transaction that was not executed in time, and never will be; the message says what to do. */
public final class TxExpiredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TxExpiredException(String purpose, long notAfter) {
        super(
                "%s: what it rests on (evidence or signature) was valid until %d of chain time and the transaction was not executed by then; it costs nothing more. Sign and submit it again"
                        .formatted(purpose, notAfter));
    }
}
