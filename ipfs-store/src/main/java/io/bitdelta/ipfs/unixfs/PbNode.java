package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import io.bitdelta.ipfs.cid.InvalidCidException;
import io.bitdelta.ipfs.cid.Varint;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dag-pb node: links, then data. {@link #encode} writes the canonical form (links sorted by their callers, fields in
 * order, links before data); {@link #decode} accepts what the specification lets a decoder accept: that form, and data
 * before links. Unknown, repeated or disordered fields are refused.
 *
 * @param links in the block's order
 * @param data the node's payload, or null where it has none; shared, not copied
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose: copying every block's bytes would double the work
public record PbNode(List<PbLink> links, byte @Nullable [] data) {
    private static final int DATA = 1;
    private static final int LINKS = 2;
    private static final int LINK_HASH = 1;
    private static final int LINK_NAME = 2;
    private static final int LINK_TSIZE = 3;

    /** Copies the list. */
    public PbNode {
        links = List.copyOf(links);
    }

    /**
     * Reads a block of codec dag-pb.
     *
     * @throws MalformedNodeException if it is not a dag-pb node
     */
    public static PbNode decode(Block block) throws MalformedNodeException {
        if (block.cid().codec() != Codec.DAG_PB) {
            throw new MalformedNodeException(
                    block.cid(), "codec 0x" + Long.toHexString(block.cid().codec()) + " is not dag-pb");
        }
        try {
            return decode(ByteBuffer.wrap(block.data()));
        } catch (MalformedFieldException e) {
            throw new MalformedNodeException(block.cid(), String.valueOf(e.getMessage()));
        }
    }

    private static PbNode decode(ByteBuffer source) throws MalformedFieldException {
        ProtoFields fields = new ProtoFields(source);
        List<PbLink> links = new ArrayList<>();
        byte[] data = null;
        int last = 0;
        boolean linksEnded = false;
        while (fields.next()) {
            switch (fields.field()) {
                case LINKS -> {
                    if (linksEnded) {
                        throw new MalformedFieldException("links on both sides of the data");
                    }
                    links.add(link(fields.bytes()));
                }
                case DATA -> {
                    if (data != null) {
                        throw new MalformedFieldException("two data fields");
                    }
                    data = copy(fields.bytes());
                    linksEnded = last == LINKS;
                }
                default -> throw new MalformedFieldException("unknown field " + fields.field() + " in a dag-pb node");
            }
            last = fields.field();
        }
        return new PbNode(links, data);
    }

    private static PbLink link(ByteBuffer source) throws MalformedFieldException {
        ProtoFields fields = new ProtoFields(source);
        Cid cid = null;
        String name = null;
        long treeBytes = -1;
        int last = 0;
        while (fields.next()) {
            if (fields.field() <= last) {
                throw new MalformedFieldException("fields of a link repeated or out of order");
            }
            last = fields.field();
            switch (last) {
                case LINK_HASH -> cid = cid(fields.bytes());
                case LINK_NAME -> name = text(fields.bytes());
                case LINK_TSIZE -> treeBytes = fields.number();
                default -> throw new MalformedFieldException("unknown field " + last + " in a link");
            }
        }
        if (cid == null) {
            throw new MalformedFieldException("link without a hash");
        }
        return new PbLink(cid, name, treeBytes);
    }

    private static Cid cid(ByteBuffer source) throws MalformedFieldException {
        try {
            return Cid.ofBytes(copy(source));
        } catch (InvalidCidException e) {
            throw new MalformedFieldException("link with a bad CID: " + String.valueOf(e.getMessage()));
        }
    }

    private static String text(ByteBuffer source) throws MalformedFieldException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(source).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedFieldException("link name is not UTF-8");
        }
    }

    private static byte[] copy(ByteBuffer source) {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        return bytes;
    }

    /** The canonical bytes. */
    public byte[] encode() {
        byte[][] names = new byte[links.size()][];
        int total = 0;
        for (int i = 0; i < names.length; i++) {
            String name = links.get(i).name();
            names[i] = name == null ? null : name.getBytes(StandardCharsets.UTF_8);
            int size = linkSize(links.get(i), names[i]);
            total += 1 + Varint.size(size) + size;
        }
        if (data != null) {
            total += 1 + Varint.size(data.length) + data.length;
        }
        ByteBuffer target = ByteBuffer.allocate(total);
        for (int i = 0; i < names.length; i++) {
            writeLink(links.get(i), names[i], target);
        }
        if (data != null) {
            key(DATA, ProtoFields.BYTES, target);
            Varint.write(data.length, target);
            target.put(data);
        }
        return target.array();
    }

    private static int linkSize(PbLink link, byte @Nullable [] name) {
        int size = 1 + Varint.size(link.cid().size()) + link.cid().size();
        size += name == null ? 0 : 1 + Varint.size(name.length) + name.length;
        return size + (link.treeBytes() < 0 ? 0 : 1 + Varint.size(link.treeBytes()));
    }

    private static void writeLink(PbLink link, byte @Nullable [] name, ByteBuffer target) {
        key(LINKS, ProtoFields.BYTES, target);
        Varint.write(linkSize(link, name), target);
        key(LINK_HASH, ProtoFields.BYTES, target);
        Varint.write(link.cid().size(), target);
        link.cid().write(target);
        if (name != null) {
            key(LINK_NAME, ProtoFields.BYTES, target);
            Varint.write(name.length, target);
            target.put(name);
        }
        if (link.treeBytes() >= 0) {
            key(LINK_TSIZE, ProtoFields.VARINT, target);
            Varint.write(link.treeBytes(), target);
        }
    }

    private static void key(int field, int wireType, ByteBuffer target) {
        target.put((byte) (field << 3 | wireType));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PbNode node && links.equals(node.links) && Arrays.equals(data, node.data);
    }

    @Override
    public int hashCode() {
        return 31 * links.hashCode() + Arrays.hashCode(data);
    }
}
