package io.bitdelta.attestation.bytes;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** A 20-byte account address. Prints lowercase; checksummed spellings are read and lose their case. */
public final class EvmAddress {
    /** Length in bytes. */
    public static final int LENGTH = 20;

    private final byte[] value;

    private EvmAddress(byte[] value) {
        this.value = value;
    }

    /**
     * Copies 20 bytes.
     *
     * @throws IllegalArgumentException when there are not exactly 20
     */
    public static EvmAddress of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("20 bytes of address expected, got " + bytes.length);
        }
        return new EvmAddress(bytes.clone());
    }

    /**
     * Parses {@code 0x} and 40 hex digits of any case.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static EvmAddress of(String hex) {
        return new EvmAddress(HexText.parse(hex.toLowerCase(Locale.ROOT), LENGTH));
    }

    /** A fresh copy of the bytes. */
    public byte[] bytes() {
        return value.clone();
    }

    /** {@code 0x} and 40 lowercase hex digits. */
    public String hex() {
        return "0x" + HexFormat.of().formatHex(value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EvmAddress that && Arrays.equals(value, that.value);
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
