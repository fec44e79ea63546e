package io.bitdelta.attestation.bytes;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;

/** {@code abi.encode} of static types: one 32-byte big-endian word per value, never packed. */
public final class AbiWords {
    private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(256);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

    /** An empty sequence. */
    public AbiWords() {}

    /** Appends a {@code bytes32}. */
    public AbiWords word(Bytes32 value) {
        out.writeBytes(value.bytes());
        return this;
    }

    /** Appends an address, left-padded. */
    public AbiWords address(EvmAddress value) {
        out.writeBytes(new byte[Bytes32.LENGTH - EvmAddress.LENGTH]);
        out.writeBytes(value.bytes());
        return this;
    }

    /**
     * Appends an unsigned integer.
     *
     * @throws IllegalArgumentException when negative
     */
    public AbiWords uint(long value) {
        return uint(BigInteger.valueOf(value));
    }

    /**
     * Appends an unsigned integer.
     *
     * @throws IllegalArgumentException when negative or above 2^256 - 1
     */
    public AbiWords uint(BigInteger value) {
        if (value.signum() < 0 || value.compareTo(LIMIT) >= 0) {
            throw new IllegalArgumentException("not a uint256: " + value);
        }
        return twosComplement(value);
    }

    /** Appends a signed integer in two's complement. */
    public AbiWords signed(long value) {
        return twosComplement(BigInteger.valueOf(value));
    }

    private AbiWords twosComplement(BigInteger value) {
        byte[] word = new byte[Bytes32.LENGTH];
        BigInteger bits = value.mod(LIMIT);
        for (int i = 31; i >= 0 && bits.signum() != 0; i--) {
            word[i] = bits.byteValue();
            bits = bits.shiftRight(8);
        }
        out.writeBytes(word);
        return this;
    }

    /** The words so far. */
    public byte[] bytes() {
        return out.toByteArray();
    }

    /** Keccak-256 of the words so far. */
    public Bytes32 keccak() {
        return Keccak256.of(bytes());
    }
}
