package io.bitdelta.engine.kernel;

import static io.bitdelta.engine.kernel.ElementCodec.F32;

import io.bitdelta.engine.tensor.Dtype;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The reference: one element at a time, in the words of FORMATS section 3. */
final class ScalarKernels implements WeightKernels {
    ScalarKernels() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public boolean fuses(Dtype baseType, Dtype finetunedType) {
        return false;
    }

    @Override
    public void compress(
            Dtype type,
            MemorySegment base,
            long baseByte,
            MemorySegment finetuned,
            long finetunedByte,
            int count,
            MemorySegment signs,
            long signsByte,
            MemorySegment lanes,
            MemorySegment squares) {
        int width = type.width();
        for (int i = 0; i < count; i += LANES) {
            int piece = Math.min(LANES, count - i);
            int bits = 0;
            for (int j = 0; j < piece; j++) {
                float f = ElementCodec.readFloat(type, finetuned, finetunedByte + (long) (i + j) * width);
                float b = ElementCodec.readFloat(type, base, baseByte + (long) (i + j) * width);
                float delta = f - b + 0f;
                float square = delta * delta;
                bits |= ((Float.floatToRawIntBits(delta) >>> 31) ^ 1) << j;
                set(lanes, j, get(lanes, j) + Math.abs(delta));
                set(squares, j, get(squares, j) + square);
            }
            for (int j = 0; j < piece; j += 8) {
                signs.set(ValueLayout.JAVA_BYTE, signsByte + ((i + j) >> 3), (byte) (bits >> j));
            }
        }
    }

    @Override
    public void apply(
            Dtype type,
            MemorySegment source,
            long sourceByte,
            int count,
            MemorySegment signs,
            long signsByte,
            float scale,
            MemorySegment target,
            long targetByte) {
        int width = type.width();
        for (int i = 0; i < count; i++) {
            float weight = ElementCodec.readFloat(type, source, sourceByte + (long) i * width);
            float sum = bit(signs, signsByte * 8 + i) ? weight + scale : weight - scale;
            ElementCodec.write(type, target, targetByte + (long) i * width, sum);
        }
    }

    @Override
    public void delta(
            Dtype baseType,
            MemorySegment base,
            long baseByte,
            Dtype finetunedType,
            MemorySegment finetuned,
            long finetunedByte,
            int count,
            MemorySegment tile) {
        if (baseType == Dtype.F64 || finetunedType == Dtype.F64) {
            for (int i = 0; i < count; i++) {
                double b = ElementCodec.read(baseType, base, baseByte + (long) i * baseType.width());
                double f =
                        ElementCodec.read(finetunedType, finetuned, finetunedByte + (long) i * finetunedType.width());
                // The sum with +0 turns the -0 of equal values into +0; a difference too small for binary32 keeps its
                // sign.
                set(tile, i, (float) (f - b + 0.0));
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            float b = ElementCodec.readFloat(baseType, base, baseByte + (long) i * baseType.width());
            float f =
                    ElementCodec.readFloat(finetunedType, finetuned, finetunedByte + (long) i * finetunedType.width());
            set(tile, i, f - b + 0f);
        }
    }

    @Override
    public void signs(MemorySegment tile, int count, MemorySegment signs, long signsByte) {
        for (int i = 0; i < count; i += 8) {
            int bits = 0;
            for (int j = 0; j < Math.min(8, count - i); j++) {
                bits |= ((Float.floatToRawIntBits(get(tile, i + j)) >>> 31) ^ 1) << j;
            }
            signs.set(ValueLayout.JAVA_BYTE, signsByte + (i >> 3), (byte) bits);
        }
    }

    @Override
    public void addAbs(MemorySegment tile, int from, int count, int phase, MemorySegment lanes) {
        for (int i = 0; i < count; i++) {
            int lane = (phase + i) & (LANES - 1);
            set(lanes, lane, get(lanes, lane) + Math.abs(get(tile, from + i)));
        }
    }

    @Override
    public void add(MemorySegment tile, int from, int count, int phase, MemorySegment lanes) {
        for (int i = 0; i < count; i++) {
            int lane = (phase + i) & (LANES - 1);
            set(lanes, lane, get(lanes, lane) + get(tile, from + i));
        }
    }

    @Override
    public void addSquares(MemorySegment tile, int from, int count, int phase, float mean, MemorySegment lanes) {
        for (int i = 0; i < count; i++) {
            int lane = (phase + i) & (LANES - 1);
            float centred = get(tile, from + i) - mean;
            float square = centred * centred;
            set(lanes, lane, get(lanes, lane) + square);
        }
    }

    @Override
    public void addAbsColumns(MemorySegment tile, int count, MemorySegment sums, long sumsFrom) {
        for (int i = 0; i < count; i++) {
            set(sums, sumsFrom + i, get(sums, sumsFrom + i) + Math.abs(get(tile, i)));
        }
    }

    @Override
    public void residual(MemorySegment tile, int from, int count, float scale) {
        for (int i = 0; i < count; i++) {
            set(tile, from + i, towardsZero(get(tile, from + i), scale));
        }
    }

    @Override
    public void residualColumns(MemorySegment tile, int count, MemorySegment scales, long scalesFrom) {
        for (int i = 0; i < count; i++) {
            set(tile, i, towardsZero(get(tile, i), get(scales, scalesFrom + i)));
        }
    }

    private static float towardsZero(float value, float scale) {
        return Float.floatToRawIntBits(value) >= 0 ? value - scale : value + scale;
    }

    @Override
    public void clamp(MemorySegment tile, int from, int count, float low, float high) {
        for (int i = 0; i < count; i++) {
            set(tile, from + i, Math.clamp(get(tile, from + i), low, high));
        }
    }

    @Override
    public void widen(Dtype type, MemorySegment source, long sourceByte, int count, MemorySegment tile) {
        for (int i = 0; i < count; i++) {
            set(tile, i, ElementCodec.readFloat(type, source, sourceByte + (long) i * type.width()));
        }
    }

    @Override
    public void narrow(Dtype type, MemorySegment tile, int count, MemorySegment target, long targetByte) {
        for (int i = 0; i < count; i++) {
            ElementCodec.write(type, target, targetByte + (long) i * type.width(), get(tile, i));
        }
    }

    @Override
    public void applySigns(MemorySegment tile, int from, int count, MemorySegment signs, long signsBit, float scale) {
        for (int i = 0; i < count; i++) {
            float value = get(tile, from + i);
            set(tile, from + i, bit(signs, signsBit + i) ? value + scale : value - scale);
        }
    }

    @Override
    public void applySignsColumns(
            MemorySegment tile, int count, MemorySegment signs, long signsBit, MemorySegment scales, long scalesFrom) {
        for (int i = 0; i < count; i++) {
            float value = get(tile, i);
            float scale = get(scales, scalesFrom + i);
            set(tile, i, bit(signs, signsBit + i) ? value + scale : value - scale);
        }
    }

    private static boolean bit(MemorySegment signs, long index) {
        return ((signs.get(ValueLayout.JAVA_BYTE, index >> 3) >> (index & 7)) & 1) == 1;
    }

    private static float get(MemorySegment tile, long index) {
        return tile.get(F32, index * Float.BYTES);
    }

    private static void set(MemorySegment tile, long index, float value) {
        tile.set(F32, index * Float.BYTES, value);
    }
}
