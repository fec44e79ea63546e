package io.bitdelta.node.auth;

import io.bitdelta.attestation.bytes.EvmAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Who may do what, as configured.
 *
 * @param reachedAt tells the origins under which people reach the node: scheme, host and port; a login names one of them
 * @param chainId of the node's chain
 * @param session how long a token is good
 * @param operators accounts that get every scope
 * @param sponsored accounts for which the node pays the gas
 */
public record AuthSettings(
        Supplier<Set<URI>> reachedAt,
        long chainId,
        Duration session,
        Set<EvmAddress> operators,
        Set<EvmAddress> sponsored) {
    /** Copies its sets. */
    public AuthSettings {
        operators = Set.copyOf(operators);
        sponsored = Set.copyOf(sponsored);
    }

    /** The origins under which people reach the node. */
    public Set<URI> origins() {
        return reachedAt.get();
    }
}
