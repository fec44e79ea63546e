package io.bitdelta.engine.tensor;

import java.util.Optional;

/** The element types of safetensors; the constant's name is the header's text. */
public enum Dtype {
    /** IEEE binary64. */
    F64(8, true),
    /** Signed 64-bit. */
    I64(8, false),
    /** Unsigned 64-bit. */
    U64(8, false),
    /** IEEE binary32. */
    F32(4, true),
    /** Signed 32-bit. */
    I32(4, false),
    /** Unsigned 32-bit. */
    U32(4, false),
    /** IEEE binary16. */
    F16(2, true),
    /** The upper half of a binary32. */
    BF16(2, true),
    /** Signed 16-bit. */
    I16(2, false),
    /** Unsigned 16-bit. */
    U16(2, false),
    /** 8-bit float, 4 exponent and 3 mantissa bits, no infinities (OCP FP8). */
    F8_E4M3(1, true),
    /** 8-bit float, 5 exponent and 2 mantissa bits (OCP FP8). */
    F8_E5M2(1, true),
    /** Signed 8-bit. */
    I8(1, false),
    /** Unsigned 8-bit. */
    U8(1, false),
    /** One byte per truth value. */
    BOOL(1, false);

    private final int width;
    private final boolean floating;

    Dtype(int width, boolean floating) {
        this.width = width;
        this.floating = floating;
    }

    /** Bytes per element. */
    public int width() {
        return width;
    }

    /** Whether elements are floating-point numbers: only such tensors can be compressed to signs. */
    public boolean floating() {
        return floating;
    }

    /** The dtype with the header text {@code name}. */
    public static Optional<Dtype> named(String name) {
        for (Dtype dtype : values()) {
            if (dtype.name().equals(name)) {
                return Optional.of(dtype);
            }
        }
        return Optional.empty();
    }
}
