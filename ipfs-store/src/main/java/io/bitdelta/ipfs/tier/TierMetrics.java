package io.bitdelta.ipfs.tier;

import io.bitdelta.ipfs.cid.Cid;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what happens in the tiers: {@code bitdelta.store.tier} with the tags {@code tier} and {@code event}. */
public final class TierMetrics implements TierListener {
    private final MeterRegistry registry;

    /** Counts in {@code registry}. */
    public TierMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void hit(String tier) {
        count(tier, "hit");
    }

    @Override
    public void miss(String tier) {
        count(tier, "miss");
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
    public void copied(String tier) {
        count(tier, "copied");
    }

    private void count(String tier, String event) {
        registry.counter("bitdelta.store.tier", "tier", tier, "event", event).increment();
    }
}
