package io.bitdelta.attestation.appraisal;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Several pieces of evidence about one machine, as sub-modules of one result.
 *
 * @param tier the worst of the parts
 * @param parts by technology
 */
public record CompositeResult(Tier tier, SortedMap<Technology, AppraisalResult> parts) {
    /** Copies. */
    public CompositeResult {
        parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    }

    /** Whether every part and the composition hold. */
    public boolean affirming() {
        return tier == Tier.AFFIRMING;
    }
}
