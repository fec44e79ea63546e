package io.bitdelta.node.cli.delta;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.cid.Cid;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A store that keeps nothing: an importer over it computes a file's CID and leaves no copy. */
final class NoBlocks implements Blockstore {
    NoBlocks() {}

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
        return Stream.empty();
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
