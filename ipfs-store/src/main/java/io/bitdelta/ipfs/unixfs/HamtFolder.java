package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A folder spread over a hash array mapped trie. A name's murmur3 hash (x64, first 64 bits) is cut into groups of
 * log2(fanout) bits, the most significant first; a group is the bucket at a level. A link's name is the bucket in upper-case
 * hex, followed by the entry's name, or by nothing where the link leads to a deeper shard.
 */
final class HamtFolder {
    private static final long MURMUR3_X64_64 = 0x22;
    private static final int MAX_FANOUT = 1024;

    private HamtFolder() {}

    /**
     * Finds an entry.
     *
     * @param root the shard at the top
     * @param visited gets the shards below it that were read
     */
    static Optional<Cid> find(BlockSource source, Block root, String name, List<Block> visited) throws IOException {
        long hash = Murmur3.hash64(name.getBytes(StandardCharsets.UTF_8));
        Block shard = root;
        int used = 0;
        while (true) {
            PbNode node = PbNode.decode(shard);
            int fanout = fanout(shard.cid(), node);
            int bits = Integer.numberOfTrailingZeros(fanout);
            if (used + bits > Long.SIZE) {
                throw new MalformedNodeException(shard.cid(), "a shard deeper than its hash is long");
            }
            int width = width(fanout);
            long bucket = hash << used >>> (Long.SIZE - bits);
            String prefix = ("%0" + width + "X").formatted(bucket);
            used += bits;
            Optional<PbLink> next = node.links().stream()
                    .filter(link ->
                            link.label().equals(prefix + name) || link.label().equals(prefix))
                    .findFirst();
            if (next.isEmpty() || next.get().label().length() > width) {
                return next.map(PbLink::cid);
            }
            shard = source.require(next.get().cid());
            visited.add(shard);
        }
    }

    /** The deeper shards a shard links to, in its order. */
    static List<Cid> shards(Cid cid, PbNode node) throws MalformedNodeException {
        int width = width(fanout(cid, node));
        List<Cid> shards = new ArrayList<>();
        for (PbLink link : node.links()) {
            if (link.label().length() == width) {
                shards.add(link.cid());
            }
        }
        return shards;
    }

    /** The folder's entries that stand in a shard, under their own names. */
    static List<PbLink> entries(Block shard) throws MalformedNodeException {
        PbNode node = PbNode.decode(shard);
        int width = width(fanout(shard.cid(), node));
        List<PbLink> entries = new ArrayList<>();
        for (PbLink link : node.links()) {
            if (link.label().length() > width) {
                entries.add(new PbLink(link.cid(), link.label().substring(width), link.treeBytes()));
            }
        }
        return entries;
    }

    private static int width(int fanout) {
        return Integer.toHexString(fanout - 1).toUpperCase(Locale.ROOT).length();
    }

    private static int fanout(Cid cid, PbNode node) throws MalformedNodeException {
        UnixFsData meta = UnixFsData.decode(cid, node);
        long fanout = meta.fanout();
        if (meta.type() != UnixFsData.Type.HAMT_SHARD || meta.hashType() != MURMUR3_X64_64) {
            throw new MalformedNodeException(cid, "not a shard of a folder spread by murmur3");
        }
        if (fanout < 2 || fanout > MAX_FANOUT || Long.bitCount(fanout) != 1) {
            throw new MalformedNodeException(cid, "a fanout of " + fanout);
        }
        return (int) fanout;
    }
}
