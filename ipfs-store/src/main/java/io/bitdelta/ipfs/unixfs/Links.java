package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import io.bitdelta.ipfs.dagcbor.CborNode;
import io.bitdelta.ipfs.dagcbor.MalformedCborException;
import java.util.List;

/** What a block points to, by its codec. */
public final class Links {
    private Links() {}

    /**
     * The links of a block, in its order; raw blocks have none.
     *
     * @throws MalformedNodeException if the block is not what its codec promises, or the codec is not known
     */
    public static List<Cid> of(Block block) throws MalformedNodeException {
        long codec = block.cid().codec();
        if (codec == Codec.RAW) {
            return List.of();
        }
        if (codec == Codec.DAG_PB) {
            return PbNode.decode(block).links().stream().map(PbLink::cid).toList();
        }
        if (codec == Codec.DAG_CBOR) {
            try {
                return CborNode.decode(block.data()).links();
            } catch (MalformedCborException e) {
                throw new MalformedNodeException(block.cid(), "DAG-CBOR: " + e.getMessage());
            }
        }
        throw new MalformedNodeException(
                block.cid(), "links of codec 0x" + Long.toHexString(codec) + " cannot be followed");
    }
}
