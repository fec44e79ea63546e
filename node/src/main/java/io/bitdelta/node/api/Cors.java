package io.bitdelta.node.api;

import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Which web pages' scripts may read answers (Fetch standard). No cookies are used, so credentials are never allowed. */
final class Cors {
    private final Set<String> origins;

    /** @param origins scheme, host and port as browsers send them; {@code *} for any */
    Cors(Set<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    /** Headers that let the asking page read the answer; empty when it may not. */
    Map<String, String> headers(HttpServerRequest request) {
        if (origins.isEmpty()) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Vary", "Origin");
        String origin = request.getHeader("Origin");
        if (origin != null && (origins.contains("*") || origins.contains(origin))) {
            headers.put("Access-Control-Allow-Origin", origins.contains("*") ? "*" : origin);
            headers.put("Access-Control-Expose-Headers", RequestIds.HEADER + ", Retry-After, Location");
        }
        return headers;
    }

    /** Whether the request asks in advance what it may do. */
    static boolean preflight(HttpServerRequest request) {
        return request.method().name().equals("OPTIONS")
                && request.getHeader("Origin") != null
                && request.getHeader("Access-Control-Request-Method") != null;
    }

    /** The answer to such a question. */
    Map<String, String> preflightHeaders(HttpServerRequest request, Set<String> methods) {
        Map<String, String> headers = new LinkedHashMap<>(headers(request));
        if (headers.containsKey("Access-Control-Allow-Origin")) {
            headers.put("Access-Control-Allow-Methods", String.join(", ", methods));
            headers.put(
                    "Access-Control-Allow-Headers",
                    "Authorization, X-API-Key, Content-Type, Idempotency-Key, Last-Event-ID, X-Request-Id");
            headers.put("Access-Control-Max-Age", "600");
        }
        return headers;
    }
}
