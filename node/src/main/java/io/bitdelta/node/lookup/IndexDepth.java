package io.bitdelta.node.lookup;

/**
 * How far back a chain may change its mind.
 *
 * @param reach blocks behind the head that a reorg may still replace
 * @param finalizedTag whether the chain's own notion of finality may shorten that reach; not on a development chain, whose
 *     notion is made up
 */
public record IndexDepth(long reach, boolean finalizedTag) {
    private static final long USUAL_REACH = 512;

    /** Checks the bound. */
    public IndexDepth {
        if (reach < 1) {
            throw new IllegalArgumentException("the reach of a reorg must be at least 1 block, not " + reach);
        }
    }

    /** For a development chain. */
    public static IndexDepth development() {
        return new IndexDepth(USUAL_REACH, false);
    }

    /** For any other chain. */
    public static IndexDepth standard() {
        return new IndexDepth(USUAL_REACH, true);
    }
}
