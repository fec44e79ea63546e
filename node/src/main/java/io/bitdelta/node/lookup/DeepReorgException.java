package io.bitdelta.node.lookup;

import io.bitdelta.node.chain.ChainException;

/** The chain lost a block that was final: an endpoint of another chain, one that lies, or a chain that was reset. */
public final class DeepReorgException extends ChainException {
    private static final long serialVersionUID = 1L;

    DeepReorgException(long number, String indexed, String found) {
        super(
                "block %d was final with hash %s and is now %s on the chain's endpoint: nothing was deleted; check chain.rpc, and when the chain itself was reset run: bitdelta node reindex"
                        .formatted(number, indexed, found));
    }
}
