package io.bitdelta.ipfs.kubo;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a daemon listens and how patient to be.
 *
 * @param api the address without {@code /api/v0}, e.g. {@code http://127.0.0.1:5001}
 * @param authorization the value of the {@code Authorization} header, or null; never printed
 * @param timeout the longest silence: without an answer while nothing is uploaded, or inside an answer
 * @param attempts how often a call is tried, at least once
 * @param backoff the longest wait before the second try; doubles with every further one
 */
public record KuboEndpoint(URI api, @Nullable String authorization, Duration timeout, int attempts, Duration backoff) {

    /** A daemon without authorization: 30 s, four tries, waits of up to 200 ms, 400 ms, 800 ms. */
    public static KuboEndpoint of(URI api) {
        return new KuboEndpoint(api, null, Duration.ofSeconds(30), 4, Duration.ofMillis(200));
    }

    /** The address is http or https, and there is at least one try. */
    public KuboEndpoint {
        if (!"http".equals(api.getScheme()) && !"https".equals(api.getScheme())) {
            throw new IllegalArgumentException("daemon '" + api + "' is not an http or https address");
        }
        if (attempts < 1) {
            throw new IllegalArgumentException("at least one attempt, not " + attempts);
        }
    }

    @Override
    public String toString() {
        return api + (authorization == null ? "" : " (authorized)");
    }
}
