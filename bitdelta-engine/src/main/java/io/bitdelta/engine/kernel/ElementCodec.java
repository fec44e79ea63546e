package io.bitdelta.engine.kernel;

import io.bitdelta.engine.tensor.Dtype;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reading and writing single elements of the floating-point dtypes: the definition that the fast loops follow. */
public final class ElementCodec {
    static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final float[] E4M3 = table(3, 7, true);
    private static final float[] E5M2 = table(2, 15, false);

    private ElementCodec() {}

    /** The element at a byte offset, exactly. */
    public static double read(Dtype type, MemorySegment segment, long at) {
        return type == Dtype.F64 ? segment.get(F64, at) : readFloat(type, segment, at);
    }

    /** The element at a byte offset in binary32; F64 is rounded to nearest even. */
    public static float readFloat(Dtype type, MemorySegment segment, long at) {
        return switch (type) {
            case F64 -> (float) segment.get(F64, at);
            case F32 -> segment.get(F32, at);
            case BF16 -> Float.intBitsToFloat(segment.get(I16, at) << 16);
            case F16 -> Float.float16ToFloat(segment.get(I16, at));
            case F8_E4M3 -> E4M3[segment.get(ValueLayout.JAVA_BYTE, at) & 0xFF];
            case F8_E5M2 -> E5M2[segment.get(ValueLayout.JAVA_BYTE, at) & 0xFF];
            default -> throw new IllegalArgumentException(type + " is not a floating-point type");
        };
    }

    /** Rounds to nearest even and stores at a byte offset. */
    public static void write(Dtype type, MemorySegment segment, long at, float value) {
        switch (type) {
            case F64 -> segment.set(F64, at, value);
            case F32 -> segment.set(F32, at, value);
            case BF16 -> segment.set(I16, at, toBf16(value));
            case F16 -> segment.set(I16, at, Float.floatToFloat16(value));
            case F8_E4M3 -> segment.set(ValueLayout.JAVA_BYTE, at, toF8(value, E4M3, 0x7E, 0x7F));
            case F8_E5M2 -> segment.set(ValueLayout.JAVA_BYTE, at, toF8(value, E5M2, 0x7B, 0x7C));
            default -> throw new IllegalArgumentException(type + " is not a floating-point type");
        }
    }

    /**
     * Rounds a binary64 to binary16 once, to nearest even. A conversion by way of binary32 would round twice, unless that
     * step rounds to odd (Boldo and Melquiond, "When double rounding is odd", 2005), which is what happens here.
     */
    public static short toFloat16(double value) {
        float near = (float) value;
        if (near != value && Float.isFinite(near)) {
            float towardsZero = Math.abs((double) near) > Math.abs(value) ? Math.nextAfter(near, 0) : near;
            near = Float.intBitsToFloat(Float.floatToRawIntBits(towardsZero) | 1);
        }
        return Float.floatToFloat16(near);
    }

    static short toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if ((bits & 0x7FFFFFFF) > 0x7F800000) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    /** A value whose magnitude rounds above the largest finite one becomes {@code overflow}: NaN in E4M3, Inf in E5M2. */
    private static byte toF8(float value, float[] table, int largest, int overflow) {
        int sign = (Float.floatToRawIntBits(value) >>> 24) & 0x80;
        float magnitude = Math.abs(value);
        if (Float.isNaN(magnitude)) {
            return (byte) (sign | 0x7F);
        }
        int low = 0;
        int high = largest;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (table[middle] <= magnitude) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (low == largest) {
            float step = table[largest] - table[largest - 1];
            // Half a step above the largest value is a tie between it (odd or even) and the value after it.
            float tie = table[largest] + step / 2;
            boolean over = magnitude > tie || (magnitude == tie && (largest & 1) == 1);
            return (byte) (sign | (over ? overflow : largest));
        }
        double below = (double) magnitude - table[low];
        double above = (double) table[low + 1] - magnitude;
        int nearest = below < above || (below == above && (low & 1) == 0) ? low : low + 1;
        return (byte) (sign | nearest);
    }

    private static float[] table(int mantissaBits, int bias, boolean finiteOnly) {
        float[] values = new float[256];
        int exponentMask = (1 << (7 - mantissaBits)) - 1;
        int mantissaMask = (1 << mantissaBits) - 1;
        for (int code = 0; code < 256; code++) {
            int exponent = (code >> mantissaBits) & exponentMask;
            int mantissa = code & mantissaMask;
            float magnitude;
            if (finiteOnly && (code & 0x7F) == 0x7F) {
                magnitude = Float.NaN;
            } else if (!finiteOnly && exponent == exponentMask) {
                magnitude = mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            } else if (exponent == 0) {
                magnitude = Math.scalb((float) mantissa, 1 - bias - mantissaBits);
            } else {
                magnitude = Math.scalb((float) (mantissa | (1 << mantissaBits)), exponent - bias - mantissaBits);
            }
            values[code] = code < 128 ? magnitude : -magnitude;
        }
        return values;
    }
}
