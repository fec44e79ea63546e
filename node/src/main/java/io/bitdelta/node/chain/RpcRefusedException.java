package io.bitdelta.node.chain;

/** The endpoint answered, and its answer was an error. Another question may do; the same one will hardly. */
public final class RpcRefusedException extends ChainException {
    private static final long serialVersionUID = 1L;

    RpcRefusedException(String message) {
        super(message);
    }
}
