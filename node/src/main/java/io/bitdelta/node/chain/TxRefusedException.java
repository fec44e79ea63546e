package io.bitdelta.node.chain;

/** The chain's node answers, and does not take a signed transaction, e.g. because the account has too little money. */
public final class TxRefusedException extends ChainException {
    private static final long serialVersionUID = 1L;

    TxRefusedException(String purpose, String signer, String reason) {
        super("%s: the chain does not take it from %s: %s; it stays in the outbox".formatted(purpose, signer, reason));
    }
}
