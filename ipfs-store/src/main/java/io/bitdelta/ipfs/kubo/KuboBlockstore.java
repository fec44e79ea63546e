package io.bitdelta.ipfs.kubo;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.block.CorruptBlockException;
import io.bitdelta.ipfs.block.HashMismatchException;
import io.bitdelta.ipfs.cid.Cid;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A daemon's repository as a store of blocks. Blocks put here are not pinned: see {@link KuboClient#pinAdd}. */
public final class KuboBlockstore implements Blockstore {
    private final KuboClient client;

    /** Stores through {@code client}. */
    public KuboBlockstore(KuboClient client) {
        this.client = client;
    }

    @Override
    public Optional<Block> get(Cid cid) throws IOException {
        if (cid.isIdentity()) {
            return Optional.of(new Block(cid, cid.digest()));
        }
        try {
            return client.blockGet(cid);
        } catch (HashMismatchException e) {
            throw new CorruptBlockException(cid, name(), e.computed());
        }
    }

    @Override
    public boolean has(Cid cid) throws IOException {
        return cid.isIdentity() || client.blockStat(cid).isPresent();
    }

    @Override
    public void put(Block block) throws IOException {
        if (!block.cid().isIdentity()) {
            client.blockPut(block);
        }
    }

    @Override
    public OptionalLong delete(Cid cid) throws IOException {
        Optional<Long> size = client.blockStat(cid);
        return size.isPresent() && client.blockRemove(cid) ? OptionalLong.of(size.get()) : OptionalLong.empty();
    }

    @Override
    public Stream<Cid> cids() throws IOException {
        return client.blocks().stream();
    }

    /** What the daemon says its repository takes. */
    @Override
    public long storedBytes() throws IOException {
        return client.repoStat().bytes();
    }

    @Override
    public String name() {
        return "daemon " + client.endpoint().api();
    }
}
