package io.bitdelta.ipfs.car;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.HashMismatchException;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.InvalidCidException;
import io.bitdelta.ipfs.dagcbor.CborNode;
import io.bitdelta.ipfs.dagcbor.MalformedCborException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an archive, version 1, or the data section of version 2 (its index is not needed and not read). Every block is
 * verified; the stream stays open.
 */
public final class CarReader {
    /** The longest header. */
    public static final int MAX_HEADER_BYTES = 1 << 20;

    private static final byte[] PRAGMA_2 = {0x0a, (byte) 0xa1, 0x67, 'v', 'e', 'r', 's', 'i', 'o', 'n', 0x02};
    private static final int HEADER_2_BYTES = 40;
    private static final int MAX_SECTION_BYTES = Cid.MAX_BYTES + Block.MAX_BYTES;

    private final InputStream source;
    private final List<Cid> roots;
    private long left = Long.MAX_VALUE;

    /**
     * Reads the header.
     *
     * @throws MalformedCarException if there is none
     */
    public CarReader(InputStream source) throws IOException {
        this.source = source;
        byte[] header = section(MAX_HEADER_BYTES).orElseThrow(() -> new MalformedCarException("empty"));
        if (Arrays.equals(header, 0, header.length, PRAGMA_2, 1, PRAGMA_2.length)) {
            enterVersion2();
            header = section(MAX_HEADER_BYTES)
                    .orElseThrow(() -> new MalformedCarException("version 2 without a data section"));
        }
        this.roots = roots(header);
    }

    /** What the archive's writer calls its roots; nothing says that they are in it. */
    public List<Cid> roots() {
        return roots;
    }

    /**
     * Reads the next block.
     *
     * @return empty at the end
     * @throws HashMismatchException if a block's bytes are not what its identifier says
     * @throws MalformedCarException if the stream ends inside a block, or holds something else
     */
    public Optional<Block> next() throws IOException {
        Optional<byte[]> section = section(MAX_SECTION_BYTES);
        if (section.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(section.get());
        Cid cid;
        try {
            cid = Cid.read(bytes);
        } catch (InvalidCidException e) {
            throw new MalformedCarException("a section without a CID: " + e.getMessage());
        }
        byte[] data = new byte[bytes.remaining()];
        bytes.get(data);
        return Optional.of(new Block(cid, data));
    }

    private void enterVersion2() throws IOException {
        byte[] bytes = source.readNBytes(HEADER_2_BYTES);
        if (bytes.length < HEADER_2_BYTES) {
            throw new MalformedCarException("the version 2 header is cut short");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long dataOffset = header.getLong(16);
        long dataBytes = header.getLong(24);
        long read = PRAGMA_2.length + (long) HEADER_2_BYTES;
        if (dataOffset < read || dataBytes < 0) {
            throw new MalformedCarException("data of " + dataBytes + " bytes at " + dataOffset);
        }
        try {
            source.skipNBytes(dataOffset - read);
        } catch (java.io.EOFException e) {
            throw new MalformedCarException("the data at " + dataOffset + " is not there");
        }
        left = dataBytes;
    }

    private static List<Cid> roots(byte[] header) throws MalformedCarException {
        CborNode node;
        try {
            node = CborNode.decode(header);
        } catch (MalformedCborException e) {
            throw new MalformedCarException("its header is not DAG-CBOR: " + e.getMessage());
        }
        Map<String, CborNode> fields = node instanceof CborNode.Fields map ? map.values() : Map.of();
        if (!(fields.get("version") instanceof CborNode.Int version) || version.value() != 1) {
            throw new MalformedCarException("its header does not say version 1");
        }
        if (!(fields.get("roots") instanceof CborNode.Items items)) {
            throw new MalformedCarException("its header has no list of roots");
        }
        List<Cid> roots = new ArrayList<>();
        for (CborNode item : items.values()) {
            if (!(item instanceof CborNode.Link link)) {
                throw new MalformedCarException("a root is not a link");
            }
            roots.add(link.cid());
        }
        return List.copyOf(roots);
    }

    private Optional<byte[]> section(int limit) throws IOException {
        long length = length();
        if (length < 0) {
            return Optional.empty();
        }
        if (length == 0 || length > limit) {
            throw new MalformedCarException("a section of " + length + " bytes; 1 to " + limit + " are allowed");
        }
        if (length > left) {
            throw new MalformedCarException("a section of " + length + " bytes where " + left + " are left");
        }
        byte[] bytes = source.readNBytes((int) length);
        if (bytes.length < length) {
            throw new MalformedCarException("it ends inside a section of " + length + " bytes");
        }
        left -= length;
        return Optional.of(bytes);
    }

    /** A varint, or -1 at the end. */
    private long length() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int b = left == 0 ? -1 : source.read();
            if (b < 0) {
                if (shift == 0) {
                    return -1;
                }
                throw new MalformedCarException("it ends inside a length");
            }
            left--;
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                if (b == 0 && shift > 0) {
                    throw new MalformedCarException("a length that is not minimal");
                }
                return value;
            }
        }
        throw new MalformedCarException("a length of more than 9 bytes");
    }
}
