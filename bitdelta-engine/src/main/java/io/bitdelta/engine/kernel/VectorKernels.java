package io.bitdelta.engine.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import io.bitdelta.engine.tensor.Dtype;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops with vectors of 4, 8 or 16 binary32 lanes. Sixteen partial sums are kept whatever the width, in 16 / width
 * accumulators, and added to in element order: that is what makes the sums equal to the scalar ones, bit for bit. The
 * width is a constant of the class (property {@code bitdelta.vectorBits}, else the machine's preferred one, at most
 * 512), because a vector type that is not a constant at compile time lives on the heap.
 *
 * <p>Loops take 64 elements a turn, so that sign bits leave as one 64-bit store; tails go to the scalar kernels.
 */
final class VectorKernels implements WeightKernels {
    private static final int BITS =
            Math.min(512, Integer.getInteger("bitdelta.vectorBits", FloatVector.SPECIES_PREFERRED.vectorBitSize()));
    private static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, VectorShape.forBitSize(BITS));
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, VectorShape.forBitSize(BITS));
    private static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, VectorShape.forBitSize(BITS / 2));
    private static final int WIDTH = FLOATS.length();
    private static final int TURN = 64;
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

    private final ScalarKernels scalar = new ScalarKernels();

    VectorKernels() {}

    @Override
    public String name() {
        return "vector" + BITS;
    }

    private static FloatVector load(MemorySegment tile, long index) {
        return FloatVector.fromMemorySegment(FLOATS, tile, index * Float.BYTES, LITTLE_ENDIAN);
    }

    private static void store(FloatVector vector, MemorySegment tile, long index) {
        vector.intoMemorySegment(tile, index * Float.BYTES, LITTLE_ENDIAN);
    }

    private static FloatVector bf16(MemorySegment segment, long at) {
        return ShortVector.fromMemorySegment(SHORTS, segment, at, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, INTS, 0)
                .reinterpretAsInts()
                .lanewise(LSHL, 16)
                .reinterpretAsFloats();
    }

    /** The sign bits, inverted: 1 where a value is not negative. */
    private static long positive(FloatVector vector) {
        return vector.reinterpretAsInts().compare(GE, 0).toLong();
    }

    @Override
    public boolean fuses(Dtype baseType, Dtype finetunedType) {
        return baseType == finetunedType && (baseType == Dtype.BF16 || baseType == Dtype.F32);
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
        int bulk = count & -TURN;
        if (type == Dtype.BF16) {
            compressBf16(base, baseByte, finetuned, finetunedByte, bulk, signs, signsByte, lanes, squares);
        } else if (type == Dtype.F32) {
            compressF32(base, baseByte, finetuned, finetunedByte, bulk, signs, signsByte, lanes, squares);
        } else {
            bulk = 0;
        }
        if (bulk < count) {
            long skip = (long) bulk * type.width();
            scalar.compress(
                    type,
                    base,
                    baseByte + skip,
                    finetuned,
                    finetunedByte + skip,
                    count - bulk,
                    signs,
                    signsByte + bulk / 8,
                    lanes,
                    squares);
        }
    }

    private static void compressBf16(
            MemorySegment base,
            long baseByte,
            MemorySegment finetuned,
            long finetunedByte,
            int bulk,
            MemorySegment signs,
            long signsByte,
            MemorySegment lanes,
            MemorySegment squares) {
        FloatVector a0 = load(lanes, 0);
        FloatVector q0 = load(squares, 0);
        FloatVector a1 = WIDTH < 16 ? load(lanes, WIDTH) : a0;
        FloatVector q1 = WIDTH < 16 ? load(squares, WIDTH) : q0;
        FloatVector a2 = WIDTH < 8 ? load(lanes, 2L * WIDTH) : a0;
        FloatVector q2 = WIDTH < 8 ? load(squares, 2L * WIDTH) : q0;
        FloatVector a3 = WIDTH < 8 ? load(lanes, 3L * WIDTH) : a0;
        FloatVector q3 = WIDTH < 8 ? load(squares, 3L * WIDTH) : q0;
        for (int i = 0; i < bulk; i += TURN) {
            long bits = 0;
            for (int k = 0; k < TURN; k += LANES) {
                long b = baseByte + 2L * (i + k);
                long f = finetunedByte + 2L * (i + k);
                FloatVector d = bf16(finetuned, f).sub(bf16(base, b)).add(0f);
                bits |= positive(d) << k;
                a0 = a0.add(d.lanewise(ABS));
                q0 = q0.add(d.mul(d));
                if (WIDTH < 16) {
                    FloatVector d1 = bf16(finetuned, f + 2L * WIDTH)
                            .sub(bf16(base, b + 2L * WIDTH))
                            .add(0f);
                    bits |= positive(d1) << (k + WIDTH);
                    a1 = a1.add(d1.lanewise(ABS));
                    q1 = q1.add(d1.mul(d1));
                }
                if (WIDTH < 8) {
                    FloatVector d2 = bf16(finetuned, f + 4L * WIDTH)
                            .sub(bf16(base, b + 4L * WIDTH))
                            .add(0f);
                    bits |= positive(d2) << (k + 2 * WIDTH);
                    a2 = a2.add(d2.lanewise(ABS));
                    q2 = q2.add(d2.mul(d2));
                    FloatVector d3 = bf16(finetuned, f + 6L * WIDTH)
                            .sub(bf16(base, b + 6L * WIDTH))
                            .add(0f);
                    bits |= positive(d3) << (k + 3 * WIDTH);
                    a3 = a3.add(d3.lanewise(ABS));
                    q3 = q3.add(d3.mul(d3));
                }
            }
            signs.set(I64, signsByte + i / 8, bits);
        }
        save(a0, a1, a2, a3, lanes);
        save(q0, q1, q2, q3, squares);
    }

    private static void compressF32(
            MemorySegment base,
            long baseByte,
            MemorySegment finetuned,
            long finetunedByte,
            int bulk,
            MemorySegment signs,
            long signsByte,
            MemorySegment lanes,
            MemorySegment squares) {
        FloatVector a0 = load(lanes, 0);
        FloatVector q0 = load(squares, 0);
        FloatVector a1 = WIDTH < 16 ? load(lanes, WIDTH) : a0;
        FloatVector q1 = WIDTH < 16 ? load(squares, WIDTH) : q0;
        FloatVector a2 = WIDTH < 8 ? load(lanes, 2L * WIDTH) : a0;
        FloatVector q2 = WIDTH < 8 ? load(squares, 2L * WIDTH) : q0;
        FloatVector a3 = WIDTH < 8 ? load(lanes, 3L * WIDTH) : a0;
        FloatVector q3 = WIDTH < 8 ? load(squares, 3L * WIDTH) : q0;
        for (int i = 0; i < bulk; i += TURN) {
            long bits = 0;
            for (int k = 0; k < TURN; k += LANES) {
                long b = baseByte + 4L * (i + k);
                long f = finetunedByte + 4L * (i + k);
                FloatVector d = difference(finetuned, f, base, b);
                bits |= positive(d) << k;
                a0 = a0.add(d.lanewise(ABS));
                q0 = q0.add(d.mul(d));
                if (WIDTH < 16) {
                    FloatVector d1 = difference(finetuned, f + 4L * WIDTH, base, b + 4L * WIDTH);
                    bits |= positive(d1) << (k + WIDTH);
                    a1 = a1.add(d1.lanewise(ABS));
                    q1 = q1.add(d1.mul(d1));
                }
                if (WIDTH < 8) {
                    FloatVector d2 = difference(finetuned, f + 8L * WIDTH, base, b + 8L * WIDTH);
                    bits |= positive(d2) << (k + 2 * WIDTH);
                    a2 = a2.add(d2.lanewise(ABS));
                    q2 = q2.add(d2.mul(d2));
                    FloatVector d3 = difference(finetuned, f + 12L * WIDTH, base, b + 12L * WIDTH);
                    bits |= positive(d3) << (k + 3 * WIDTH);
                    a3 = a3.add(d3.lanewise(ABS));
                    q3 = q3.add(d3.mul(d3));
                }
            }
            signs.set(I64, signsByte + i / 8, bits);
        }
        save(a0, a1, a2, a3, lanes);
        save(q0, q1, q2, q3, squares);
    }

    private static FloatVector difference(MemorySegment finetuned, long f, MemorySegment base, long b) {
        return FloatVector.fromMemorySegment(FLOATS, finetuned, f, LITTLE_ENDIAN)
                .sub(FloatVector.fromMemorySegment(FLOATS, base, b, LITTLE_ENDIAN))
                .add(0f);
    }

    private static void save(FloatVector v0, FloatVector v1, FloatVector v2, FloatVector v3, MemorySegment lanes) {
        store(v0, lanes, 0);
        if (WIDTH < 16) {
            store(v1, lanes, WIDTH);
        }
        if (WIDTH < 8) {
            store(v2, lanes, 2L * WIDTH);
            store(v3, lanes, 3L * WIDTH);
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
        int bulk = fuses(baseType, finetunedType) ? count & -WIDTH : 0;
        if (baseType == Dtype.BF16) {
            for (int i = 0; i < bulk; i += WIDTH) {
                store(
                        bf16(finetuned, finetunedByte + 2L * i)
                                .sub(bf16(base, baseByte + 2L * i))
                                .add(0f),
                        tile,
                        i);
            }
        } else {
            for (int i = 0; i < bulk; i += WIDTH) {
                store(difference(finetuned, finetunedByte + 4L * i, base, baseByte + 4L * i), tile, i);
            }
        }
        if (bulk < count) {
            scalar.delta(
                    baseType,
                    base,
                    baseByte + (long) bulk * baseType.width(),
                    finetunedType,
                    finetuned,
                    finetunedByte + (long) bulk * finetunedType.width(),
                    count - bulk,
                    tile.asSlice((long) bulk * Float.BYTES));
        }
    }

    @Override
    public void signs(MemorySegment tile, int count, MemorySegment signs, long signsByte) {
        int bulk = count & -TURN;
        for (int i = 0; i < bulk; i += TURN) {
            long bits = 0;
            for (int k = 0; k < TURN; k += WIDTH) {
                bits |= positive(load(tile, i + k)) << k;
            }
            signs.set(I64, signsByte + i / 8, bits);
        }
        if (bulk < count) {
            scalar.signs(tile.asSlice((long) bulk * Float.BYTES), count - bulk, signs, signsByte + bulk / 8);
        }
    }

    @Override
    public void addAbs(MemorySegment tile, int from, int count, int phase, MemorySegment lanes) {
        int bulk = phase == 0 ? count & -LANES : 0;
        if (bulk > 0) {
            FloatVector a0 = load(lanes, 0);
            FloatVector a1 = WIDTH < 16 ? load(lanes, WIDTH) : a0;
            FloatVector a2 = WIDTH < 8 ? load(lanes, 2L * WIDTH) : a0;
            FloatVector a3 = WIDTH < 8 ? load(lanes, 3L * WIDTH) : a0;
            for (int i = from; i < from + bulk; i += LANES) {
                a0 = a0.add(load(tile, i).lanewise(ABS));
                if (WIDTH < 16) {
                    a1 = a1.add(load(tile, i + WIDTH).lanewise(ABS));
                }
                if (WIDTH < 8) {
                    a2 = a2.add(load(tile, i + 2L * WIDTH).lanewise(ABS));
                    a3 = a3.add(load(tile, i + 3L * WIDTH).lanewise(ABS));
                }
            }
            save(a0, a1, a2, a3, lanes);
        }
        scalar.addAbs(tile, from + bulk, count - bulk, phase, lanes);
    }

    @Override
    public void add(MemorySegment tile, int from, int count, int phase, MemorySegment lanes) {
        scalar.add(tile, from, count, phase, lanes);
    }

    @Override
    public void addSquares(MemorySegment tile, int from, int count, int phase, float mean, MemorySegment lanes) {
        int bulk = phase == 0 ? count & -LANES : 0;
        for (int part = 0; part < LANES && bulk > 0; part += WIDTH) {
            FloatVector sum = load(lanes, part);
            for (int i = from + part; i < from + bulk; i += LANES) {
                FloatVector centred = load(tile, i).sub(mean);
                sum = sum.add(centred.mul(centred));
            }
            store(sum, lanes, part);
        }
        scalar.addSquares(tile, from + bulk, count - bulk, phase, mean, lanes);
    }

    @Override
    public void addAbsColumns(MemorySegment tile, int count, MemorySegment sums, long sumsFrom) {
        int bulk = count & -WIDTH;
        for (int i = 0; i < bulk; i += WIDTH) {
            store(load(sums, sumsFrom + i).add(load(tile, i).lanewise(ABS)), sums, sumsFrom + i);
        }
        if (bulk < count) {
            scalar.addAbsColumns(tile.asSlice((long) bulk * Float.BYTES), count - bulk, sums, sumsFrom + bulk);
        }
    }

    @Override
    public void residual(MemorySegment tile, int from, int count, float scale) {
        int bulk = count & -WIDTH;
        FloatVector plus = FloatVector.broadcast(FLOATS, scale);
        for (int i = from; i < from + bulk; i += WIDTH) {
            store(towardsZero(load(tile, i), plus), tile, i);
        }
        scalar.residual(tile, from + bulk, count - bulk, scale);
    }

    @Override
    public void residualColumns(MemorySegment tile, int count, MemorySegment scales, long scalesFrom) {
        int bulk = count & -WIDTH;
        for (int i = 0; i < bulk; i += WIDTH) {
            store(towardsZero(load(tile, i), load(scales, scalesFrom + i)), tile, i);
        }
        if (bulk < count) {
            scalar.residualColumns(tile.asSlice((long) bulk * Float.BYTES), count - bulk, scales, scalesFrom + bulk);
        }
    }

    /** {@code v - s} where the sign bit is clear, {@code v + s} where it is set: subtract s with v's sign. */
    private static FloatVector towardsZero(FloatVector value, FloatVector scale) {
        IntVector sign = value.reinterpretAsInts().and(Integer.MIN_VALUE);
        return value.sub(scale.reinterpretAsInts().lanewise(XOR, sign).reinterpretAsFloats());
    }

    @Override
    public void clamp(MemorySegment tile, int from, int count, float low, float high) {
        scalar.clamp(tile, from, count, low, high);
    }

    @Override
    public void widen(Dtype type, MemorySegment source, long sourceByte, int count, MemorySegment tile) {
        int bulk = 0;
        if (type == Dtype.F32) {
            MemorySegment.copy(source, sourceByte, tile, 0, (long) count * Float.BYTES);
            return;
        }
        if (type == Dtype.BF16) {
            bulk = count & -WIDTH;
            for (int i = 0; i < bulk; i += WIDTH) {
                store(bf16(source, sourceByte + 2L * i), tile, i);
            }
        }
        if (bulk < count) {
            scalar.widen(
                    type,
                    source,
                    sourceByte + (long) bulk * type.width(),
                    count - bulk,
                    tile.asSlice((long) bulk * Float.BYTES));
        }
    }

    @Override
    public void narrow(Dtype type, MemorySegment tile, int count, MemorySegment target, long targetByte) {
        int bulk = 0;
        if (type == Dtype.F32) {
            MemorySegment.copy(tile, 0, target, targetByte, (long) count * Float.BYTES);
            return;
        }
        if (type == Dtype.BF16) {
            for (; bulk + WIDTH <= count; bulk += WIDTH) {
                FloatVector value = load(tile, bulk);
                if (value.test(IS_NAN).anyTrue()) {
                    break;
                }
                storeBf16(value, target, targetByte + 2L * bulk);
            }
        }
        if (bulk < count) {
            scalar.narrow(
                    type,
                    tile.asSlice((long) bulk * Float.BYTES),
                    count - bulk,
                    target,
                    targetByte + (long) bulk * type.width());
        }
    }

    /** Rounds to nearest even; not for NaN. */
    private static void storeBf16(FloatVector value, MemorySegment target, long at) {
        IntVector bits = value.reinterpretAsInts();
        IntVector odd = bits.lanewise(LSHR, 16).and(1);
        bits.add(0x7FFF)
                .add(odd)
                .lanewise(LSHR, 16)
                .convertShape(I2S, SHORTS, 0)
                .reinterpretAsShorts()
                .intoMemorySegment(target, at, LITTLE_ENDIAN);
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
        int bulk = type == Dtype.BF16
                ? applyBf16(source, sourceByte, count & -TURN, signs, signsByte, scale, target, targetByte)
                : 0;
        if (type == Dtype.F32) {
            bulk = count & -TURN;
            FloatVector plus = FloatVector.broadcast(FLOATS, scale);
            FloatVector minus = FloatVector.broadcast(FLOATS, -scale);
            for (int i = 0; i < bulk; i += TURN) {
                long bits = signs.get(I64, signsByte + i / 8);
                for (int k = 0; k < TURN; k += WIDTH) {
                    FloatVector weight =
                            FloatVector.fromMemorySegment(FLOATS, source, sourceByte + 4L * (i + k), LITTLE_ENDIAN);
                    weight.add(minus.blend(plus, VectorMask.fromLong(FLOATS, bits >>> k)))
                            .intoMemorySegment(target, targetByte + 4L * (i + k), LITTLE_ENDIAN);
                }
            }
        }
        if (bulk < count) {
            long skip = (long) bulk * type.width();
            scalar.apply(
                    type,
                    source,
                    sourceByte + skip,
                    count - bulk,
                    signs,
                    signsByte + bulk / 8,
                    scale,
                    target,
                    targetByte + skip);
        }
    }

    /** No NaN needs care here: it comes from bf16, so the sum is quiet already and has no bits that rounding could carry. */
    private static int applyBf16(
            MemorySegment source,
            long sourceByte,
            int bulk,
            MemorySegment signs,
            long signsByte,
            float scale,
            MemorySegment target,
            long targetByte) {
        FloatVector plus = FloatVector.broadcast(FLOATS, scale);
        FloatVector minus = FloatVector.broadcast(FLOATS, -scale);
        for (int i = 0; i < bulk; i += TURN) {
            long bits = signs.get(I64, signsByte + i / 8);
            for (int k = 0; k < TURN; k += WIDTH) {
                FloatVector sum = bf16(source, sourceByte + 2L * (i + k))
                        .add(minus.blend(plus, VectorMask.fromLong(FLOATS, bits >>> k)));
                storeBf16(sum, target, targetByte + 2L * (i + k));
            }
        }
        return bulk;
    }

    @Override
    public void applySigns(MemorySegment tile, int from, int count, MemorySegment signs, long signsBit, float scale) {
        int bulk = (signsBit & 7) == 0 ? count & -TURN : 0;
        FloatVector plus = FloatVector.broadcast(FLOATS, scale);
        FloatVector minus = FloatVector.broadcast(FLOATS, -scale);
        for (int i = 0; i < bulk; i += TURN) {
            long bits = signs.get(I64, (signsBit + i) >> 3);
            for (int k = 0; k < TURN; k += WIDTH) {
                FloatVector change = minus.blend(plus, VectorMask.fromLong(FLOATS, bits >>> k));
                store(load(tile, from + i + k).add(change), tile, from + i + k);
            }
        }
        scalar.applySigns(tile, from + bulk, count - bulk, signs, signsBit + bulk, scale);
    }

    @Override
    public void applySignsColumns(
            MemorySegment tile, int count, MemorySegment signs, long signsBit, MemorySegment scales, long scalesFrom) {
        int bulk = (signsBit & 7) == 0 ? count & -TURN : 0;
        for (int i = 0; i < bulk; i += TURN) {
            long bits = signs.get(I64, (signsBit + i) >> 3);
            for (int k = 0; k < TURN; k += WIDTH) {
                FloatVector scale = load(scales, scalesFrom + i + k);
                FloatVector change = scale.neg().blend(scale, VectorMask.fromLong(FLOATS, bits >>> k));
                store(load(tile, i + k).add(change), tile, i + k);
            }
        }
        if (bulk < count) {
            scalar.applySignsColumns(
                    tile.asSlice((long) bulk * Float.BYTES),
                    count - bulk,
                    signs,
                    signsBit + bulk,
                    scales,
                    scalesFrom + bulk);
        }
    }
}
