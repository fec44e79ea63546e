package io.bitdelta.ipfs.block;

import io.bitdelta.ipfs.cid.Cid;
import java.io.IOException;
import java.util.Optional;

/** Anything blocks can be read from. What it returns is verified: a {@link Block} cannot hold other bytes. Thread-safe. */
public interface BlockSource {
    /**
     * Reads a block; identity identifiers need no store.
     *
     * @throws CorruptBlockException if the bytes found do not hash to {@code cid}
     * @throws IOException if the place cannot be read
     */
    Optional<Block> get(Cid cid) throws IOException;

    /** Whether a block is there, without reading it. */
    boolean has(Cid cid) throws IOException;

    /** What to call this source in messages. */
    String name();

    /**
     * Reads a block that must be there.
     *
     * @throws BlockNotFoundException if it is not
     */
    default Block require(Cid cid) throws IOException {
        return get(cid).orElseThrow(() -> new BlockNotFoundException(cid, name()));
    }
}
