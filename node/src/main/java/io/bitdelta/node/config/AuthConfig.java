package io.bitdelta.node.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.bitdelta.attestation.bytes.EvmAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who may do more than look after what is their own.
 *
 * @param operators accounts that run the node
 * @param sponsored accounts for which the node pays the gas
 * @param session how long a login lasts
 */
public record AuthConfig(Set<EvmAddress> operators, Set<EvmAddress> sponsored, Duration session) {
    private static final int DEFAULT_MINUTES = 60;
    private static final int MOST_MINUTES = 24 * 60;

    /** Checks the session's length. */
    public AuthConfig {
        if (!session.isPositive() || session.toMinutes() > MOST_MINUTES) {
            throw new IllegalArgumentException("auth.sessionMinutes: 1 to %d".formatted(MOST_MINUTES));
        }
        operators = Set.copyOf(operators);
        sponsored = Set.copyOf(sponsored);
    }

    @JsonCreator
    static AuthConfig of(
            @JsonProperty("operators") @Nullable String operators,
            @JsonProperty("sponsored") @Nullable String sponsored,
            @JsonProperty("sessionMinutes") @Nullable Integer sessionMinutes) {
        return new AuthConfig(
                accounts("auth.operators", operators),
                accounts("auth.sponsored", sponsored),
                Duration.ofMinutes(sessionMinutes == null ? DEFAULT_MINUTES : sessionMinutes));
    }

    AuthConfig withOperator(EvmAddress operator) {
        Set<EvmAddress> more = new HashSet<>(operators);
        more.add(operator);
        return new AuthConfig(more, sponsored, session);
    }

    static AuthConfig defaults() {
        return of(null, null, null);
    }

    private static Set<EvmAddress> accounts(String key, @Nullable String commas) {
        try {
            return HttpConfig.list(commas).stream().map(EvmAddress::of).collect(Collectors.toSet());
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(key + ": " + malformed.getMessage(), malformed);
        }
    }
}
