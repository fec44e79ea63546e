package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.ElementCodec;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How scales are stored: F32, F16, or one byte (U8, packed files alone; FORMAT-PACKED.md). A byte {@code q} above 0 stands
 * for {@code (8 + q mod 8) * 2^(q div 8 - 31)}, 0 for 0, 250 for the bound of 10; the bytes above it stand for nothing.
 * Every value is a binary32 number, so that readers compute with one kind of scale.
 */
public final class ScaleCodec {
    private static final int LARGEST = 250;
    private static final float[] VALUES = values();

    private ScaleCodec() {}

    /** Whether scales may be of this type. */
    public static boolean knows(Dtype type) {
        return type == Dtype.F32 || type == Dtype.F16 || type == Dtype.U8;
    }

    /** A stored scale in binary32; not a number for a byte that stands for nothing. */
    public static float read(Dtype type, MemorySegment scales, long index) {
        return type == Dtype.U8
                ? VALUES[scales.get(ValueLayout.JAVA_BYTE, index) & 0xFF]
                : ElementCodec.readFloat(type, scales, index * type.width());
    }

    /** The value that a scale gets when it is stored: the nearest, the even code in a tie; over the bound, a value over it. */
    public static float rounded(Dtype type, double scale) {
        return switch (type) {
            case F16 -> Float.float16ToFloat(ElementCodec.toFloat16(scale));
            case U8 -> scale <= DeltaFile.MAX_SCALE ? VALUES[code(scale)] : (float) scale;
            default -> (float) scale;
        };
    }

    /** A stored entry's scales as another type stores them. */
    static MemorySegment converted(Tensor scales, Dtype type) {
        MemorySegment out =
                MemorySegment.ofArray(new byte[Math.toIntExact(scales.shape().count() * type.width())]);
        for (long i = 0; i < scales.shape().count(); i++) {
            write(type, out, i * type.width(), read(scales.dtype(), scales.data(), i));
        }
        return out;
    }

    /** Stores a scale at a byte offset, rounded. */
    static void write(Dtype type, MemorySegment into, long at, float scale) {
        if (type == Dtype.U8) {
            into.set(ValueLayout.JAVA_BYTE, at, (byte) code(scale));
        } else {
            ElementCodec.write(type, into, at, scale);
        }
    }

    private static int code(double scale) {
        int low = 0;
        int high = LARGEST;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (VALUES[middle] <= scale) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (low == LARGEST) {
            return low;
        }
        double below = scale - VALUES[low];
        double above = VALUES[low + 1] - scale;
        return below < above || (below == above && (low & 1) == 0) ? low : low + 1;
    }

    private static float[] values() {
        float[] values = new float[256];
        for (int code = 1; code < values.length; code++) {
            values[code] = code > LARGEST ? Float.NaN : Math.scalb(8f + (code & 7), (code >> 3) - 31);
        }
        return values;
    }
}
