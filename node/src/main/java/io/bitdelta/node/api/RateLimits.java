package io.bitdelta.node.api;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Token buckets by caller. A bucket that is full again is the same as none, so memory is bounded by those who were here a
 * moment ago; when even these are too many, newcomers share one bucket.
 */
final class RateLimits {
    private static final int MOST_BUCKETS = 100_000;
    private static final String NEWCOMERS = "";

    private final double perSecond;
    private final double burst;
    private final LongSupplier nanos;
    private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();

    private record Bucket(double tokens, long at) {}

    /**
     * Buckets of one kind of caller.
     *
     * @param perSecond tokens that come back in a second
     * @param burst most tokens
     * @param nanos a clock that never goes back
     */
    RateLimits(double perSecond, double burst, LongSupplier nanos) {
        if (!(perSecond > 0) || !(burst >= 1)) {
            throw new IllegalArgumentException("a rate limit of %s a second, burst %s".formatted(perSecond, burst));
        }
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanos = nanos;
    }

    /** Takes a token; 0, or the seconds after which there is one. */
    int take(String caller) {
        long now = nanos.getAsLong();
        String key = buckets.size() < MOST_BUCKETS || buckets.containsKey(caller) ? caller : NEWCOMERS;
        double[] missing = {0};
        buckets.compute(key, (same, bucket) -> {
            double tokens = bucket == null ? burst : refilled(bucket, now);
            if (tokens >= 1) {
                return new Bucket(tokens - 1, now);
            }
            missing[0] = 1 - tokens;
            return new Bucket(tokens, now);
        });
        return missing[0] == 0 ? 0 : (int) Math.max(1, Math.ceil(missing[0] / perSecond));
    }

    /** Forgets buckets that are full again. */
    void sweep() {
        long now = nanos.getAsLong();
        buckets.values().removeIf(bucket -> refilled(bucket, now) >= burst);
    }

    int size() {
        return buckets.size();
    }

    private double refilled(Bucket bucket, long now) {
        return Math.min(burst, bucket.tokens() + (now - bucket.at()) / 1e9 * perSecond);
    }
}
