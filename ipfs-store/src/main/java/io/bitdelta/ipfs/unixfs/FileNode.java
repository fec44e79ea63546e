package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import java.util.List;

/**
 * A block seen as a piece of a file: its own bytes first, then those under its links.
 *
 * @param bytes all bytes of the file under this node
 * @param data the node's own bytes
 * @param links where the rest is
 * @param linkBytes bytes of the file under each link
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose: copying every block's bytes would double the work
record FileNode(long bytes, byte[] data, List<PbLink> links, long[] linkBytes) {
    private static final byte[] EMPTY = {};

    /**
     * Reads a block and checks that its sizes add up.
     *
     * @throws NotAFileException if it is a folder, a symbolic link or of a codec without files
     * @throws MalformedNodeException if the sizes do not add up
     */
    static FileNode of(Block block) throws NotAFileException, MalformedNodeException {
        Cid cid = block.cid();
        if (cid.codec() == Codec.RAW) {
            return new FileNode(block.size(), block.data(), List.of(), new long[0]);
        }
        if (cid.codec() != Codec.DAG_PB) {
            throw new NotAFileException(cid, "codec 0x" + Long.toHexString(cid.codec()));
        }
        PbNode node = PbNode.decode(block);
        UnixFsData meta = UnixFsData.decode(cid, node);
        if (meta.type() != UnixFsData.Type.FILE && meta.type() != UnixFsData.Type.RAW) {
            throw new NotAFileException(cid, meta.type().toString());
        }
        byte[] own = meta.data();
        byte[] data = own == null ? EMPTY : own;
        if (meta.blockBytes().length != node.links().size()) {
            throw new MalformedNodeException(
                    cid, node.links().size() + " links but " + meta.blockBytes().length + " block sizes");
        }
        long total = data.length;
        for (long each : meta.blockBytes()) {
            total += each;
            if (each < 0 || total < 0) {
                throw new MalformedNodeException(cid, "block sizes overflow");
            }
        }
        if (meta.fileBytes() >= 0 && meta.fileBytes() != total) {
            throw new MalformedNodeException(cid, "declares " + meta.fileBytes() + " bytes, its parts have " + total);
        }
        return new FileNode(total, data, node.links(), meta.blockBytes());
    }
}
