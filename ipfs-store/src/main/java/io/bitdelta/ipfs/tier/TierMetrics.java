package io.bitdelta.ipfs.tier;

import io.bitdelta.ipfs.cid.Cid;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;

/**
 * Meters of the tiers, all with the tag {@code tier}: the counter {@code bitdelta.store.tier} (tag {@code event}: hit,
 * miss, failed, lied, stored, copied), the counter {@code bitdelta.store.bytes} (tag {@code direction}: read, written) and
 * the timer {@code bitdelta.store.read} (tag {@code event}: hit, miss).
 */
public final class TierMetrics implements TierListener {
    private final MeterRegistry registry;

    /** Meters in {@code registry}. */
    public TierMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void hit(String tier, int bytes, long nanos) {
        count(tier, "hit");
        bytes(tier, "read", bytes);
        time(tier, "hit", nanos);
    }

    @Override
    public void miss(String tier, long nanos) {
        count(tier, "miss");
        time(tier, "miss", nanos);
    }

    @Override
    public void failed(String tier) {
        count(tier, "failed");
    }

    @Override
    public void lied(String tier, Cid cid) {
        count(tier, "lied");
    }

    @Override
    public void stored(String tier, int bytes) {
        count(tier, "stored");
        bytes(tier, "written", bytes);
    }

    @Override
    public void copied(String tier) {
        count(tier, "copied");
    }

    private void count(String tier, String event) {
        registry.counter("bitdelta.store.tier", "tier", tier, "event", event).increment();
    }

    private void bytes(String tier, String direction, int bytes) {
        registry.counter("bitdelta.store.bytes", "tier", tier, "direction", direction)
                .increment(bytes);
    }

    private void time(String tier, String event, long nanos) {
        registry.timer("bitdelta.store.read", "tier", tier, "event", event).record(nanos, TimeUnit.NANOSECONDS);
    }
}
