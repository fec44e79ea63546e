package io.bitdelta.engine.safety;

import io.bitdelta.engine.commit.Hash32;
import java.util.List;

/**
 * Items that are scored together.
 *
 * @param name of the file, without its ending
 * @param kind what the items are
 * @param hash SHA-256 of the file
 * @param items at least one, all of the kind
 */
public record Suite(String name, Kind kind, Hash32 hash, List<Item> items) {
    /** What a score says. */
    public enum Kind {
        /** The inverse perplexity of the texts. */
        PERPLEXITY,
        /** The share of items whose likeliest choice is right; refusals are choices too. */
        CHOICE,
        /** The share of triggers that call up nothing. */
        TRIGGER
    }

    /** Copies the items. */
    public Suite {
        items = List.copyOf(items);
        if (items.isEmpty()) {
            throw new IllegalArgumentException("suite " + name + " has no items");
        }
    }
}
