package io.bitdelta.attestation.typed;

import java.math.BigInteger;

/** Range checks of Solidity's integer types. */
final class UintRange {
    private UintRange() {}

    /** Refuses a value outside {@code uint<bits>}, naming the field. */
    static void check(String field, long value, int bits) {
        check(field, BigInteger.valueOf(value), bits);
    }

    /** Refuses a value outside {@code uint<bits>}, naming the field. */
    static void check(String field, BigInteger value, int bits) {
        if (value.signum() < 0 || value.bitLength() > bits) {
            throw new IllegalArgumentException(field + " " + value + " is not a uint" + bits);
        }
    }
}
