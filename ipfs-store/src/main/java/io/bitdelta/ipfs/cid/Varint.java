package io.bitdelta.ipfs.cid;

import java.nio.ByteBuffer;

/**
 * Unsigned LEB128 numbers below 2^63, as multiformats and protocol buffers write them: seven bits per byte, least
 * significant group first. Reading is strict: at most nine bytes and no superfluous zero groups.
 */
public final class Varint {
    private static final int MAX_BYTES = 9;

    private Varint() {}

    /** Bytes that {@code value} takes; {@code value} is not negative. */
    public static int size(long value) {
        checkNotNegative(value);
        return value == 0 ? 1 : (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7;
    }

    /** Writes {@code value}, not negative, at the buffer's position. */
    public static void write(long value, ByteBuffer target) {
        checkNotNegative(value);
        long rest = value;
        while (rest >= 0x80) {
            target.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        target.put((byte) rest);
    }

    /**
     * Reads one number and moves the buffer's position behind it.
     *
     * @throws MalformedVarintException if the buffer ends inside the number, it has more than nine bytes, or it is not
     *     minimal
     */
    public static long read(ByteBuffer source) {
        long value = 0;
        for (int i = 0; i < MAX_BYTES; i++) {
            if (!source.hasRemaining()) {
                throw new MalformedVarintException("the bytes end inside a varint");
            }
            byte b = source.get();
            value |= (long) (b & 0x7f) << (7 * i);
            if (b >= 0) {
                if (b == 0 && i > 0) {
                    throw new MalformedVarintException("varint with superfluous zero groups");
                }
                return value;
            }
        }
        throw new MalformedVarintException("varint longer than " + MAX_BYTES + " bytes");
    }

    private static void checkNotNegative(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("varint of a negative number: " + value);
        }
    }
}
