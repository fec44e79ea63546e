package io.bitdelta.ipfs.block;

import java.io.IOException;

/**
 * Blocks that become durable together. Blocks of a batch may be readable before {@link #commit}, but only its return
 * acknowledges them. Closing an uncommitted batch leaves whole, unacknowledged blocks behind, which garbage collection
 * removes. For one thread.
 */
public interface BlockBatch extends AutoCloseable {
    /** Hands a block over; it may be written later. A failure of an earlier block may be thrown here. */
    void put(Block block) throws IOException;

    /** Returns once every block handed over survives a crash. */
    void commit() throws IOException;

    @Override
    void close() throws IOException;
}
