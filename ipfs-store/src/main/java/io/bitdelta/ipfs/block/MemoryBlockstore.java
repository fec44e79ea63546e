package io.bitdelta.ipfs.block;

import io.bitdelta.ipfs.cid.Cid;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Keeps blocks in memory: for small fetched DAGs and for tests. */
public final class MemoryBlockstore implements Blockstore {
    private final ConcurrentHashMap<Cid, Block> blocks = new ConcurrentHashMap<>();

    /** An empty store. */
    public MemoryBlockstore() {}

    @Override
    public Optional<Block> get(Cid cid) {
        if (cid.isIdentity()) {
            return Optional.of(Block.inline(cid));
        }
        return Optional.ofNullable(blocks.get(cid.toV1())).map(block -> block.named(cid));
    }

    @Override
    public boolean has(Cid cid) {
        return cid.isIdentity() || blocks.containsKey(cid.toV1());
    }

    @Override
    public void put(Block block) {
        if (!block.cid().isIdentity()) {
            blocks.putIfAbsent(block.cid().toV1(), block.named(block.cid().toV1()));
        }
    }

    @Override
    public OptionalLong delete(Cid cid) {
        Block removed = blocks.remove(cid.toV1());
        return removed == null ? OptionalLong.empty() : OptionalLong.of(removed.size());
    }

    @Override
    public Stream<Cid> cids() {
        return blocks.keySet().stream();
    }

    @Override
    public long storedBytes() {
        return blocks.values().stream().mapToLong(Block::size).sum();
    }

    @Override
    public String name() {
        return "memory";
    }
}
