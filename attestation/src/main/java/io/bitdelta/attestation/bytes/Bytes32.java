package io.bitdelta.attestation.bytes;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** 32 opaque bytes: a hash, a nonce, a word of the chain. Prints as {@code 0x} and 64 lowercase hex digits. */
public final class Bytes32 implements Comparable<Bytes32> {
    /** Length in bytes. */
    public static final int LENGTH = 32;

    /** All bytes zero. */
    public static final Bytes32 ZERO = new Bytes32(new byte[LENGTH]);

    private final byte[] value;

    private Bytes32(byte[] value) {
        this.value = value;
    }

    /**
     * Copies 32 bytes.
     *
     * @throws IllegalArgumentException when there are not exactly 32
     */
    public static Bytes32 of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("32 bytes expected, got " + bytes.length);
        }
        return new Bytes32(bytes.clone());
    }

    /**
     * Parses {@code 0x} and 64 lowercase hex digits.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static Bytes32 of(String hex) {
        return new Bytes32(HexText.parse(hex, LENGTH));
    }

    /** A fresh copy of the bytes. */
    public byte[] bytes() {
        return value.clone();
    }

    /** {@code 0x} and 64 lowercase hex digits. */
    public String hex() {
        return "0x" + HexFormat.of().formatHex(value);
    }

    /** Whether every byte is zero. */
    public boolean isZero() {
        return equals(ZERO);
    }

    @Override
    public int compareTo(Bytes32 other) {
        return Arrays.compareUnsigned(value, other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes32 that && MessageDigest.isEqual(value, that.value);
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
