package io.bitdelta.ipfs.block;

import io.bitdelta.ipfs.cid.Cid;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A place that keeps blocks. Thread-safe. */
public interface Blockstore extends BlockSource {
    /**
     * Keeps a block. When this returns, the block survives a crash. Keeping a block twice is keeping it once; a damaged
     * copy of it is replaced.
     *
     * @throws StoreFullException if there is no room; nothing was written
     */
    void put(Block block) throws IOException;

    /** Forgets a block and returns its bytes; empty if it was not there. */
    OptionalLong delete(Cid cid) throws IOException;

    /** All identifiers, version 1, in no order. The stream holds resources: close it. */
    Stream<Cid> cids() throws IOException;

    /** Bytes of all blocks, counted now. */
    long storedBytes() throws IOException;

    /** A group of blocks that becomes durable together, which is cheaper than one by one. */
    default BlockBatch batch() throws IOException {
        return new BlockBatch() {
            @Override
            public void put(Block block) throws IOException {
                Blockstore.this.put(block);
            }

            @Override
            public void commit() {}

            @Override
            public void close() {}
        };
    }
}
