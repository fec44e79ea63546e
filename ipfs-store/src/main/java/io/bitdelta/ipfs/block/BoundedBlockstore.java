package io.bitdelta.ipfs.block;

import io.bitdelta.ipfs.cid.Cid;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A cache in memory: keeps the blocks that were used last and never more than a number of bytes. What it gives was
 * verified when it came in, and nobody can change it since.
 */
public final class BoundedBlockstore implements Blockstore {
    private final long maxBytes;
    private final LinkedHashMap<Cid, Block> blocks = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** Keeps up to {@code maxBytes} bytes of blocks; what is larger by itself is not kept at all. */
    public BoundedBlockstore(long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("a cache of at least a byte, not " + maxBytes);
        }
        this.maxBytes = maxBytes;
    }

    @Override
    public synchronized Optional<Block> get(Cid cid) {
        if (cid.isIdentity()) {
            return Optional.of(Block.inline(cid));
        }
        return Optional.ofNullable(blocks.get(cid.toV1())).map(block -> block.named(cid));
    }

    /** Asking does not count as using. */
    @Override
    public synchronized boolean has(Cid cid) {
        return cid.isIdentity() || blocks.containsKey(cid.toV1());
    }

    @Override
    public synchronized void put(Block block) {
        if (block.cid().isIdentity() || block.size() > maxBytes) {
            return;
        }
        Cid name = block.cid().toV1();
        if (blocks.putIfAbsent(name, block.named(name)) == null) {
            bytes += block.size();
            Iterator<Block> oldest = blocks.values().iterator();
            while (bytes > maxBytes) {
                bytes -= oldest.next().size();
                oldest.remove();
            }
        }
    }

    @Override
    public synchronized OptionalLong delete(Cid cid) {
        Block removed = blocks.remove(cid.toV1());
        if (removed == null) {
            return OptionalLong.empty();
        }
        bytes -= removed.size();
        return OptionalLong.of(removed.size());
    }

    @Override
    public synchronized Stream<Cid> cids() {
        return new ArrayList<>(blocks.keySet()).stream();
    }

    @Override
    public synchronized long storedBytes() {
        return bytes;
    }

    @Override
    public String name() {
        return "memory";
    }
}
