package io.bitdelta.node.local;

import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.tier.TierListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator's log of tiers that fail or lie; what goes well is not worth a line. */
final class TierLog implements TierListener {
    private static final Logger log = LoggerFactory.getLogger(TierLog.class);

    @Override
    public void failed(String tier) {
        log.warn("content store: {} failed or could not be reached; going on without it", tier);
    }

    @Override
    public void lied(String tier, Cid cid) {
        log.error("content store: {} gave bytes that are not block {}; they were thrown away", tier, cid);
    }
}
