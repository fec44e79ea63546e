package io.bitdelta.node.lookup;

import java.util.List;
import java.util.Optional;

/**
 * Some rows in the order of the chain.
 *
 * @param items at most as many as were asked for
 * @param next where the next page begins; empty on the last
 */
public record Page<T>(List<T> items, Optional<ChainPosition> next) {
    /** Most rows of a page. */
    public static final int MOST = 500;

    /** Keeps a copy. */
    public Page {
        items = List.copyOf(items);
    }
}
