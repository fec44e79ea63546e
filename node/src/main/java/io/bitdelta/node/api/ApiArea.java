package io.bitdelta.node.api;

/**
 * A part of the API: one class per subject, which gets its services in its constructor and binds the contract's operations
 * to them.
 */
public interface ApiArea {
    /** Binds this area's operations; called once, before the server listens. */
    void bind(Operations operations);
}
