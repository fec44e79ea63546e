package io.bitdelta.node.soup.dispute;

import io.bitdelta.attestation.bytes.Bytes32;
import java.io.IOException;

/** Brings what a foreign soup rests on into the content store, where it is missing. */
@FunctionalInterface
public interface SoupSource {
    /** Takes what is there and fetches nothing. */
    SoupSource STORED = soupId -> {};

    /**
     * Pins a soup's manifest, lists, result and members' files.
     *
     * @throws IOException when something cannot be had now
     */
    void pin(Bytes32 soupId) throws IOException;
}
