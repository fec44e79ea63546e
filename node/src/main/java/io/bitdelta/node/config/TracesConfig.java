package io.bitdelta.node.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Where traces go.
 *
 * @param endpoint OTLP over HTTP, e.g. {@code http://127.0.0.1:4318/v1/traces}; empty for no traces
 * @param sample share of the requests without a caller's own decision that are traced, 0 to 1
 * @param service the name in traces
 */
public record TracesConfig(String endpoint, double sample, String service) {
    /** Checks the address and the share. */
    public TracesConfig {
        if (!endpoint.isEmpty()) {
            WebAddress.of("traces.endpoint", endpoint);
        }
        if (!(sample >= 0 && sample <= 1)) {
            throw new IllegalArgumentException("traces.sample: %s, must be 0 to 1".formatted(sample));
        }
    }

    @JsonCreator
    static TracesConfig of(
            @JsonProperty("endpoint") @Nullable String endpoint,
            @JsonProperty("sample") @Nullable Double sample,
            @JsonProperty("service") @Nullable String service) {
        return new TracesConfig(
                endpoint == null ? "" : endpoint.strip(),
                sample == null ? 1.0 : sample,
                service == null || service.isBlank() ? "bitdelta-node" : service.strip());
    }

    static TracesConfig off() {
        return of(null, null, null);
    }

    /** Whether there are traces. */
    public boolean on() {
        return !endpoint.isEmpty();
    }
}
