package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A core's numbers as bytes (FORMAT-CORE.md). 16 bits: BF16, rounded to nearest even. 1 to 8 bits: each row is an F16 scale
 * {@code s} and packed codes {@code q}, least significant bit first, for {@code s * (2 q + 1 - 2^bits)} in binary32.
 */
public final class CoreCodes {
    /** The number of bits that stands for BF16. */
    public static final int BF16_BITS = 16;

    private static final int CANDIDATES = 32;
    private static final int SCALE_BYTES = 2;

    private CoreCodes() {}

    static boolean known(int bits) {
        return bits == BF16_BITS || (bits >= 1 && bits <= 8);
    }

    static Dtype dtype(int bits) {
        return bits == BF16_BITS ? Dtype.BF16 : Dtype.U8;
    }

    static Shape shape(int rank, int bits) {
        return bits == BF16_BITS ? Shape.of(rank, rank) : Shape.of(rank, rowBytes(rank, bits));
    }

    private static int rowBytes(int rank, int bits) {
        return SCALE_BYTES + (rank * bits + 7) / 8;
    }

    /**
     * Encodes a core. The scale of a row is the mean magnitude for 1 bit; for more it is the one of {@value #CANDIDATES}
     * equal parts of the smallest scale that clips nothing which loses least, the smaller one in a tie.
     *
     * @param core [rank, rank], row-major, finite
     */
    static byte[] encode(float[] core, int rank, int bits) {
        ByteBuffer out = ByteBuffer.allocate(
                        Math.toIntExact(shape(rank, bits).count() * dtype(bits).width()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rank; row++) {
            if (bits == BF16_BITS) {
                for (int column = 0; column < rank; column++) {
                    out.putShort(bf16(core[row * rank + column]));
                }
            } else {
                float scale = scale(core, row * rank, rank, bits);
                out.putShort(Float.floatToFloat16(scale));
                byte[] packed = new byte[rowBytes(rank, bits) - SCALE_BYTES];
                for (int column = 0; column < rank; column++) {
                    int code = code(core[row * rank + column], scale, bits);
                    for (int bit = 0; bit < bits; bit++) {
                        int at = column * bits + bit;
                        packed[at >> 3] |= (byte) (((code >> bit) & 1) << (at & 7));
                    }
                }
                out.put(packed);
            }
        }
        return out.array();
    }

    /** Decodes a core; the inverse of {@link #encode} up to what it loses. */
    static float[] decode(ByteBuffer stored, int rank, int bits) {
        ByteBuffer in = stored.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        float[] core = new float[rank * rank];
        for (int row = 0; row < rank; row++) {
            if (bits == BF16_BITS) {
                for (int column = 0; column < rank; column++) {
                    core[row * rank + column] = Float.intBitsToFloat(in.getShort() << 16);
                }
            } else {
                float scale = Float.float16ToFloat(in.getShort());
                byte[] packed = new byte[rowBytes(rank, bits) - SCALE_BYTES];
                in.get(packed);
                for (int column = 0; column < rank; column++) {
                    int code = 0;
                    for (int bit = 0; bit < bits; bit++) {
                        int at = column * bits + bit;
                        code |= ((packed[at >> 3] >> (at & 7)) & 1) << bit;
                    }
                    core[row * rank + column] = value(code, scale, bits);
                }
            }
        }
        return core;
    }

    /**
     * What a reader will see of a core: encoded and decoded.
     *
     * @param core [rank, rank], row-major, finite
     */
    public static float[] rounded(float[] core, int rank, int bits) {
        return decode(ByteBuffer.wrap(encode(core, rank, bits)), rank, bits);
    }

    /** Whether the bits behind the last code of a row are zero and its scale is 0 to 10. */
    static boolean sound(ByteBuffer stored, int rank, int bits) {
        ByteBuffer in = stored.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rank; row++) {
            if (bits == BF16_BITS) {
                for (int column = 0; column < rank; column++) {
                    if (!Float.isFinite(Float.intBitsToFloat(in.getShort() << 16))) {
                        return false;
                    }
                }
            } else {
                float scale = Float.float16ToFloat(in.getShort());
                byte[] packed = new byte[rowBytes(rank, bits) - SCALE_BYTES];
                in.get(packed);
                int used = (rank * bits) & 7;
                boolean padded = used == 0 || (packed[packed.length - 1] & 0xFF) >>> used == 0;
                // The bit pattern of -0 is negative, as that of every negative number.
                if (Float.floatToRawIntBits(scale) < 0 || !(scale <= DeltaFile.MAX_SCALE) || !padded) {
                    return false;
                }
            }
        }
        return true;
    }

    private static float scale(float[] core, int at, int rank, int bits) {
        double sum = 0;
        float most = 0;
        for (int i = 0; i < rank; i++) {
            sum += Math.abs(core[at + i]);
            most = Math.max(most, Math.abs(core[at + i]));
        }
        if (bits == 1) {
            return half((float) (sum / rank));
        }
        float whole = most / ((1 << bits) - 1);
        float best = half(whole);
        double least = Double.POSITIVE_INFINITY;
        for (int part = 1; part <= CANDIDATES; part++) {
            float scale = half(whole * part / CANDIDATES);
            double error = 0;
            for (int i = 0; i < rank; i++) {
                double lost = core[at + i] - value(code(core[at + i], scale, bits), scale, bits);
                error += lost * lost;
            }
            if (error < least) {
                least = error;
                best = scale;
            }
        }
        return best;
    }

    private static float half(float scale) {
        return Math.min(DeltaFile.MAX_SCALE, Float.float16ToFloat(Float.floatToFloat16(scale)));
    }

    private static int code(float value, float scale, int bits) {
        int middle = 1 << (bits - 1);
        if (scale == 0) {
            return middle;
        }
        double steps = Math.floor(value / (2.0 * scale));
        return (int) Math.max(0, Math.min((1 << bits) - 1, middle + steps));
    }

    private static float value(int code, float scale, int bits) {
        return scale * (2 * code + 1 - (1 << bits));
    }

    private static short bf16(float value) {
        int raw = Float.floatToRawIntBits(value);
        return (short) ((raw + 0x7FFF + ((raw >>> 16) & 1)) >>> 16);
    }
}
