package io.bitdelta.ipfs.car;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Varint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes an archive, version 1, block after block. The stream stays open. */
public final class CarWriter {
    private final OutputStream target;

    /** Writes the header. */
    public CarWriter(OutputStream target, List<Cid> roots) throws IOException {
        this.target = target;
        byte[] header = header(roots);
        writeVarint(header.length);
        target.write(header);
    }

    /** Appends a block; inlined data needs none and is left out. */
    public void write(Block block) throws IOException {
        if (block.cid().isIdentity()) {
            return;
        }
        writeVarint(block.cid().size() + (long) block.size());
        target.write(block.cid().bytes());
        target.write(block.data());
    }

    private void writeVarint(long value) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Varint.size(value));
        Varint.write(value, bytes);
        target.write(bytes.array());
    }

    /** DAG-CBOR of {@code {"roots": [...], "version": 1}}. */
    private static byte[] header(List<Cid> roots) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        head(bytes, 5, 2);
        text(bytes, "roots");
        head(bytes, 4, roots.size());
        for (Cid root : roots) {
            head(bytes, 6, 42);
            head(bytes, 2, root.size() + 1);
            bytes.write(0);
            bytes.writeBytes(root.bytes());
        }
        text(bytes, "version");
        head(bytes, 0, 1);
        return bytes.toByteArray();
    }

    private static void text(ByteArrayOutputStream target, String text) {
        head(target, 3, text.length());
        target.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void head(ByteArrayOutputStream target, int major, int argument) {
        if (argument < 24) {
            target.write(major << 5 | argument);
        } else if (argument < 256) {
            target.write(major << 5 | 24);
            target.write(argument);
        } else if (argument < 1 << 16) {
            target.write(major << 5 | 25);
            target.write(argument >>> 8);
            target.write(argument);
        } else {
            throw new IllegalArgumentException("an archive has fewer than 65536 roots, not " + argument);
        }
    }
}
