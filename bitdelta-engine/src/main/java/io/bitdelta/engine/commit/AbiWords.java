package io.bitdelta.engine.commit;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * {@code E(a, b, ...)}: {@code abi.encode} of static types, one 32-byte big-endian word per value (Solidity ABI
 * specification, "Formal Specification of the Encoding").
 */
public final class AbiWords {
    private byte[] words = new byte[8 * Hash32.SIZE];
    private int length;

    /** No words yet. */
    public AbiWords() {}

    /**
     * An unsigned integer.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public AbiWords uint(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("negative value in an unsigned word: " + value);
        }
        int at = grow();
        for (int i = 0; i < Long.BYTES; i++) {
            words[at + Hash32.SIZE - 1 - i] = (byte) (value >>> (8 * i));
        }
        return this;
    }

    /**
     * An unsigned integer of up to 256 bits.
     *
     * @throws IllegalArgumentException if it is negative or longer
     */
    public AbiWords uint(BigInteger value) {
        if (value.signum() < 0 || value.bitLength() > 256) {
            throw new IllegalArgumentException("not a uint256: " + value);
        }
        byte[] magnitude = value.toByteArray();
        int skip = magnitude.length > Hash32.SIZE ? 1 : 0;
        int count = magnitude.length - skip;
        int at = grow();
        System.arraycopy(magnitude, skip, words, at + Hash32.SIZE - count, count);
        return this;
    }

    /**
     * An address: 20 bytes, left-padded with zeros.
     *
     * @throws IllegalArgumentException if there are not exactly 20
     */
    public AbiWords address(byte[] address20) {
        if (address20.length != 20) {
            throw new IllegalArgumentException("an address has 20 bytes, not " + address20.length);
        }
        int at = grow();
        System.arraycopy(address20, 0, words, at + 12, 20);
        return this;
    }

    /** A bytes32. */
    public AbiWords bytes32(Hash32 value) {
        int at = grow();
        value.copyTo(words, at);
        return this;
    }

    /** The encoding: 32 bytes per word. */
    public byte[] bytes() {
        return Arrays.copyOf(words, length);
    }

    /** {@code H(E(...))}. */
    public Hash32 hash() {
        return Keccak256.hash(bytes());
    }

    private int grow() {
        if (length + Hash32.SIZE > words.length) {
            words = Arrays.copyOf(words, words.length * 2);
        }
        int at = length;
        length += Hash32.SIZE;
        return at;
    }
}
