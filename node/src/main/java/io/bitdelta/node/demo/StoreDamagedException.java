package io.bitdelta.node.demo;

import java.util.List;

/** Blocks of the content store are damaged or missing; the message names each. */
public final class StoreDamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param findings a line for each block */
    StoreDamagedException(List<String> findings) {
        super("the content store is damaged: " + String.join("; ", findings));
    }
}
