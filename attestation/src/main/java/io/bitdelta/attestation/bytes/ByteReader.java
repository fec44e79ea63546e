package io.bitdelta.attestation.bytes;

import java.util.Arrays;

/** Reads little-endian fields front to back; never past the end. Not thread-safe. */
public final class ByteReader {
    private final byte[] source;
    private final int end;
    private int position;

    /** Reads all of an array, which must not change meanwhile. */
    public ByteReader(byte[] source) {
        this(source, 0, source.length);
    }

    private ByteReader(byte[] source, int start, int end) {
        this.source = source;
        this.position = start;
        this.end = end;
    }

    /** Where the next field begins. */
    public int position() {
        return position;
    }

    /** Bytes left. */
    public int remaining() {
        return end - position;
    }

    /** The next {@code n} bytes, copied. */
    public byte[] take(int n) {
        int from = advance(n);
        return Arrays.copyOfRange(source, from, from + n);
    }

    /** A reader of the next {@code n} bytes alone. */
    public ByteReader slice(int n) {
        int from = advance(n);
        return new ByteReader(source, from, from + n);
    }

    /** Passes over bytes. */
    public void skip(int n) {
        advance(n);
    }

    /** One byte, 0 to 255. */
    public int u8() {
        return source[advance(1)] & 0xff;
    }

    /** Two bytes. */
    public int u16() {
        int from = advance(2);
        return (source[from] & 0xff) | ((source[from + 1] & 0xff) << 8);
    }

    /** Three bytes. */
    public int u24() {
        return u16() | (u8() << 16);
    }

    /** Four bytes, unsigned. */
    public long u32() {
        return u16() | ((long) u16() << 16);
    }

    /**
     * Four bytes that count bytes which follow.
     *
     * @throws TruncatedException when fewer follow
     */
    public int length32() {
        long length = u32();
        if (length > remaining()) {
            throw new TruncatedException(position, length, remaining());
        }
        return (int) length;
    }

    private int advance(int n) {
        if (n < 0 || n > remaining()) {
            throw new TruncatedException(position, n, remaining());
        }
        int from = position;
        position += n;
        return from;
    }
}
