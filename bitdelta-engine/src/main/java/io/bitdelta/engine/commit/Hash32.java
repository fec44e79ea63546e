package io.bitdelta.engine.commit;

import java.util.Arrays;
import java.util.HexFormat;

/** An immutable 32-byte value: a hash, a root, a salt. Ordered as unsigned bytes. */
public final class Hash32 implements Comparable<Hash32> {
    /** Length in bytes. */
    public static final int SIZE = 32;

    /** All bytes zero. */
    public static final Hash32 ZERO = new Hash32(new byte[SIZE]);

    private final byte[] value;

    private Hash32(byte[] value) {
        this.value = value;
    }

    /**
     * Copies 32 bytes.
     *
     * @throws IllegalArgumentException if there are not exactly 32
     */
    public static Hash32 of(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
        }
        return new Hash32(bytes.clone());
    }

    /** Copies the 32 bytes at {@code offset}. */
    static Hash32 at(byte[] bytes, int offset) {
        return new Hash32(Arrays.copyOfRange(bytes, offset, offset + SIZE));
    }

    /**
     * Reads 64 hex digits, with or without {@code 0x}.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Hash32 ofHex(String hex) {
        String digits = hex.startsWith("0x") ? hex.substring(2) : hex;
        if (digits.length() != 2 * SIZE) {
            throw new IllegalArgumentException("a hash has 64 hex digits, not " + digits.length());
        }
        return new Hash32(HexFormat.of().parseHex(digits));
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return value.clone();
    }

    /** Lower-case hex with {@code 0x}. */
    public String hex() {
        return "0x" + HexFormat.of().formatHex(value);
    }

    /** Writes the bytes into {@code target} at {@code offset}. */
    void copyTo(byte[] target, int offset) {
        System.arraycopy(value, 0, target, offset, SIZE);
    }

    @Override
    public int compareTo(Hash32 other) {
        return Arrays.compareUnsigned(value, other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash32 that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return hex();
    }
}
