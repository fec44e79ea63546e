package io.bitdelta.node.api;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.auth.Scope;

/** Knows what owners let others do in their place. Blocking. */
@FunctionalInterface
public interface Lending {
    /** Nobody lends anything. */
    Lending NONE = (owner, grantee, scope) -> false;

    /** Whether {@code owner} lets {@code grantee} use a scope on everything of theirs. */
    boolean permits(EvmAddress owner, EvmAddress grantee, Scope scope);
}
