package io.bitdelta.node.auth;

import io.bitdelta.attestation.bytes.EvmAddress;
import java.util.Optional;
import java.util.Set;

/**
 * Who calls.
 *
 * @param kind how they proved it
 * @param id stable name for quotas, idempotency and logs: {@code anonymous}, {@code wallet:0x...}, {@code key:...}
 * @param address the identity they act for, if any
 * @param scopes what they may do
 */
public record Principal(Kind kind, String id, Optional<EvmAddress> address, Set<Scope> scopes) {
    private static final Principal ANONYMOUS = new Principal(Kind.ANONYMOUS, "anonymous", Optional.empty(), Set.of());

    /** How a principal has proved who they are. */
    public enum Kind {
        /** Not at all. */
        ANONYMOUS,
        /** By a token that they got for a signature of their account. */
        WALLET,
        /** By an API key. */
        API_KEY,
    }

    /** Keeps a copy of the scopes. */
    public Principal {
        scopes = Set.copyOf(scopes);
    }

    /** Nobody in particular. */
    public static Principal anonymous() {
        return ANONYMOUS;
    }

    /** Whether they have proved who they are. */
    public boolean authenticated() {
        return kind != Kind.ANONYMOUS;
    }

    /** Whether they hold the scope; operators hold every one. */
    public boolean may(Scope scope) {
        return scopes.contains(scope) || scopes.contains(Scope.OPERATOR);
    }

    /** Whether they run the node. */
    public boolean operator() {
        return scopes.contains(Scope.OPERATOR);
    }

    /** Whether they act for the identity. */
    public boolean is(EvmAddress identity) {
        return address.filter(identity::equals).isPresent();
    }
}
