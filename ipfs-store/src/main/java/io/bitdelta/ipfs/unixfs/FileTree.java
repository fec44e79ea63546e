package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/** What blocks are in the eyes of a file system. */
public final class FileTree {
    private FileTree() {}

    /** What a block is the root of. */
    public enum Kind {
        /** A file, or a raw block. */
        FILE,
        /** A folder in one block. */
        FOLDER,
        /** A folder spread over many blocks. */
        SHARDED_FOLDER,
        /** A symbolic link, a document, or anything else that is one block. */
        OTHER
    }

    /**
     * Looks at a block.
     *
     * @throws MalformedNodeException if a dag-pb block is not UnixFS
     */
    public static Kind kind(Block block) throws MalformedNodeException {
        if (block.cid().codec() == Codec.RAW) {
            return Kind.FILE;
        }
        if (block.cid().codec() != Codec.DAG_PB) {
            return Kind.OTHER;
        }
        return switch (UnixFsData.decode(block.cid(), PbNode.decode(block)).type()) {
            case FILE, RAW -> Kind.FILE;
            case DIRECTORY -> Kind.FOLDER;
            case HAMT_SHARD -> Kind.SHARDED_FOLDER;
            case SYMLINK, METADATA -> Kind.OTHER;
        };
    }

    /** Visits every shard of a sharded folder, parents first, each once, and none of its entries. */
    public static void visitShards(BlockSource source, Block root, UnixFsReader.Visitor visitor) throws IOException {
        Set<Cid> seen = new HashSet<>();
        ArrayDeque<Cid> stack = new ArrayDeque<>();
        stack.push(root.cid());
        while (!stack.isEmpty()) {
            Cid cid = stack.pop();
            if (seen.add(cid)) {
                Block shard = source.require(cid);
                visitor.visit(shard);
                HamtFolder.shards(cid, PbNode.decode(shard)).reversed().forEach(stack::push);
            }
        }
    }
}
