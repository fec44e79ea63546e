package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.cid.Cid;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Takes blocks and keeps none, for imports whose identifier alone is wanted. */
final class ForgettingStore implements Blockstore {
    @Override
    public void put(Block block) {}

    @Override
    public OptionalLong delete(Cid cid) {
        return OptionalLong.empty();
    }

    @Override
    public long storedBytes() {
        return 0;
    }

    @Override
    public Stream<Cid> cids() {
        return Stream.of();
    }

    @Override
    public Optional<Block> get(Cid cid) {
        return Optional.empty();
    }

    @Override
    public boolean has(Cid cid) {
        return false;
    }

    @Override
    public String name() {
        return "nowhere";
    }
}
