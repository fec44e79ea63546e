package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.MalformedVarintException;
import io.bitdelta.ipfs.cid.Varint;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The payload that makes a dag-pb node a piece of a file system.
 *
 * @param type what it is
 * @param data a file's own bytes, a link's target, a shard's bitmap; null where there are none; shared
 * @param fileBytes all bytes of the file under this node, or -1 where undeclared
 * @param blockBytes bytes of the file under each link
 * @param hashType the hash that spreads a sharded folder's names, 0 where undeclared
 * @param fanout buckets of a shard, 0 where undeclared
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose: copying every block's bytes would double the work
public record UnixFsData(
        Type type, byte @Nullable [] data, long fileBytes, long[] blockBytes, long hashType, long fanout) {
    private static final long[] NONE = {};

    /** What a node is. */
    public enum Type {
        /** Bytes of a file, without a file's attributes. */
        RAW(0),
        /** A folder. */
        DIRECTORY(1),
        /** A file, or a part of one. */
        FILE(2),
        /** Attributes; obsolete. */
        METADATA(3),
        /** A symbolic link. */
        SYMLINK(4),
        /** A part of a folder that is spread over many nodes. */
        HAMT_SHARD(5);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        static Type ofCode(long code) throws MalformedFieldException {
            for (Type type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            throw new MalformedFieldException(code < 0 ? "no type" : "unknown type " + code);
        }
    }

    /** A folder's payload. */
    static UnixFsData directory() {
        return new UnixFsData(Type.DIRECTORY, null, -1, NONE, 0, 0);
    }

    /** A symbolic link's payload. */
    static UnixFsData symlink(byte[] target) {
        return new UnixFsData(Type.SYMLINK, target, -1, NONE, 0, 0);
    }

    /** The payload of a file's inner node. */
    static UnixFsData file(long fileBytes, long[] blockBytes) {
        return new UnixFsData(Type.FILE, null, fileBytes, blockBytes, 0, 0);
    }

    /** The payload of a leaf that is not a raw block. */
    static UnixFsData leaf(byte[] data) {
        return new UnixFsData(Type.FILE, data.length == 0 ? null : data, data.length, NONE, 0, 0);
    }

    /**
     * Reads a node's payload.
     *
     * @throws MalformedNodeException if the node carries none
     */
    public static UnixFsData decode(Cid cid, PbNode node) throws MalformedNodeException {
        byte[] data = node.data();
        if (data == null) {
            throw new MalformedNodeException(cid, "a dag-pb node without UnixFS data");
        }
        try {
            return decode(ByteBuffer.wrap(data), node.links().size());
        } catch (MalformedFieldException | MalformedVarintException e) {
            throw new MalformedNodeException(cid, "UnixFS data: " + e.getMessage());
        }
    }

    private static UnixFsData decode(ByteBuffer source, int links) throws MalformedFieldException {
        ProtoFields fields = new ProtoFields(source);
        long type = -1;
        byte[] data = null;
        long fileBytes = -1;
        long[] sizes = new long[links];
        int count = 0;
        long hashType = 0;
        long fanout = 0;
        while (fields.next()) {
            switch (fields.field()) {
                case 1 -> type = fields.number();
                case 2 -> {
                    ByteBuffer view = fields.bytes();
                    data = new byte[view.remaining()];
                    view.get(data);
                }
                case 3 -> fileBytes = fields.number();
                case 4 -> {
                    if (fields.wireType() == ProtoFields.BYTES) {
                        ByteBuffer packed = fields.bytes();
                        while (packed.hasRemaining()) {
                            store(sizes, count++, Varint.read(packed));
                        }
                    } else {
                        store(sizes, count++, fields.number());
                    }
                }
                case 5 -> hashType = fields.number();
                case 6 -> fanout = fields.number();
                default -> fields.skip();
            }
        }
        return new UnixFsData(Type.ofCode(type), data, fileBytes, Arrays.copyOf(sizes, count), hashType, fanout);
    }

    private static void store(long[] sizes, int at, long size) throws MalformedFieldException {
        if (at >= sizes.length) {
            throw new MalformedFieldException("more block sizes than the node's " + sizes.length + " links");
        }
        sizes[at] = size;
    }

    /** The canonical bytes: fields in order, block sizes not packed. */
    public byte[] encode() {
        ByteBuffer target = ByteBuffer.allocate(encodedSize());
        target.put((byte) 0x08).put((byte) type.code);
        if (data != null) {
            target.put((byte) 0x12);
            Varint.write(data.length, target);
            target.put(data);
        }
        number((byte) 0x18, fileBytes, fileBytes >= 0, target);
        for (long size : blockBytes) {
            number((byte) 0x20, size, true, target);
        }
        number((byte) 0x28, hashType, hashType > 0, target);
        number((byte) 0x30, fanout, fanout > 0, target);
        return target.array();
    }

    private static void number(byte key, long value, boolean present, ByteBuffer target) {
        if (present) {
            target.put(key);
            Varint.write(value, target);
        }
    }

    private int encodedSize() {
        int size = 2;
        size += data == null ? 0 : 1 + Varint.size(data.length) + data.length;
        size += fileBytes < 0 ? 0 : 1 + Varint.size(fileBytes);
        for (long each : blockBytes) {
            size += 1 + Varint.size(each);
        }
        size += hashType == 0 ? 0 : 1 + Varint.size(hashType);
        return size + (fanout == 0 ? 0 : 1 + Varint.size(fanout));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnixFsData that
                && type == that.type
                && Arrays.equals(data, that.data)
                && fileBytes == that.fileBytes
                && Arrays.equals(blockBytes, that.blockBytes)
                && hashType == that.hashType
                && fanout == that.fanout;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * type.hashCode() + Arrays.hashCode(data)) + Arrays.hashCode(blockBytes);
    }

    @Override
    public String toString() {
        return type + " of " + fileBytes + " bytes in " + blockBytes.length + " parts";
    }
}
