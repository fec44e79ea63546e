package io.bitdelta.node.local;

import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.tier.TierListener;
import io.bitdelta.ipfs.tier.TierMetrics;
import io.micrometer.core.instrument.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator's log of tiers that fail or lie, and counts everything in Micrometer's global registry, to which
 * whoever watches the process adds a registry of their own; what goes well is not worth a line.
 */
final class TierLog implements TierListener {
    private static final Logger log = LoggerFactory.getLogger(TierLog.class);

    private final TierListener meters = new TierMetrics(Metrics.globalRegistry);

    @Override
    public void hit(String tier, int bytes, long nanos) {
        meters.hit(tier, bytes, nanos);
    }

    @Override
    public void miss(String tier, long nanos) {
        meters.miss(tier, nanos);
    }

    @Override
    public void failed(String tier) {
        log.warn("content store: {} failed or could not be reached; going on without it", tier);
        meters.failed(tier);
    }

    @Override
    public void lied(String tier, Cid cid) {
        log.error("content store: {} gave bytes that are not block {}; they were thrown away", tier, cid);
        meters.lied(tier, cid);
    }

    @Override
    public void stored(String tier, int bytes) {
        meters.stored(tier, bytes);
    }

    @Override
    public void copied(String tier) {
        meters.copied(tier);
    }
}
