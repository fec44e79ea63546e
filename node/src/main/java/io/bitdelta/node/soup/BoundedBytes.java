package io.bitdelta.node.soup;

import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.cid.Cid;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Collects bytes in memory up to a limit, and refuses the first one past it. */
public final class BoundedBytes extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final String what;
    private final int most;

    /**
     * @param what is read, for the message
     * @param most bytes
     */
    public BoundedBytes(String what, int most) {
        this.what = what;
        this.most = most;
    }

    @Override
    public void write(int value) throws IOException {
        require(1);
        bytes.write(value);
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
        require(length);
        bytes.write(data, offset, length);
    }

    private void require(int more) throws IOException {
        if (bytes.size() + (long) more > most) {
            throw new IOException("%s has more than the %d bytes that are read of it".formatted(what, most));
        }
    }

    /**
     * A small file or block that somebody else named: it may be anything, so no more is read than it can honestly have.
     *
     * @throws IOException when it cannot be had, or is longer
     */
    public static byte[] read(ContentStore content, Cid cid, int most) throws IOException {
        BoundedBytes bytes = new BoundedBytes(cid.toString(), most);
        content.cat(cid, bytes);
        return bytes.toByteArray();
    }

    /** What was collected. */
    public byte[] toByteArray() {
        return bytes.toByteArray();
    }
}
