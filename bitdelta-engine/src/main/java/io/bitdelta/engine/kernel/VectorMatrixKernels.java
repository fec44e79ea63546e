package io.bitdelta.engine.kernel;

import static io.bitdelta.engine.kernel.ElementCodec.F32;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.F2I;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.S2I;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import io.bitdelta.engine.tensor.Dtype;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops with vectors of 4, 8 or 16 binary32 lanes, each small enough for the compiler to keep its accumulators in
 * registers: four rows share every load of activations, four tokens share every load of weights.
 *
 * <p>Products of few tokens run along the columns and add up their lanes at the end; {@link #panel} has a token in each
 * lane and needs no sum over lanes at all. A sign bit is a lane of a mask, {@code sum + (bit ? x : 0)} one masked
 * addition, or a bit of an index ({@link SignLookups}). Tails go to scalar loops.
 */
final class VectorMatrixKernels implements MatrixKernels {
    private static final int BITS =
            Math.min(512, Integer.getInteger("bitdelta.vectorBits", FloatVector.SPECIES_PREFERRED.vectorBitSize()));
    static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, VectorShape.forBitSize(BITS));
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, VectorShape.forBitSize(BITS));
    private static final VectorSpecies<Short> HALF_SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(BITS / 2));
    private static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, VectorShape.forBitSize(BITS));
    static final int WIDTH = FLOATS.length();
    private static final int TURN = 64;
    /** Additions of {@link #MAX_QUANTISED} that a 16-bit lane holds. */
    private static final int FLUSH = 256;

    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final float LOG2_E = 1.442695f;
    private static final float LN2_HIGH = 0.6933594f;
    private static final float LN2_LOW = -2.1219444e-4f;
    private static final float ROUND = 12582912f;

    private final ScalarMatrixKernels scalar = new ScalarMatrixKernels();

    VectorMatrixKernels() {}

    @Override
    public String name() {
        return "vector" + BITS;
    }

    @Override
    public int panelTokens() {
        return 2 * WIDTH;
    }

    static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(FLOATS, x, at);
    }

    private static IntVector shorts(MemorySegment segment, long at) {
        return ShortVector.fromMemorySegment(HALF_SHORTS, segment, at, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, INTS, 0)
                .reinterpretAsInts();
    }

    static FloatVector f32(MemorySegment segment, long at) {
        return FloatVector.fromMemorySegment(FLOATS, segment, at, LITTLE_ENDIAN);
    }

    static FloatVector bf16(MemorySegment segment, long at) {
        return shorts(segment, at).lanewise(LSHL, 16).reinterpretAsFloats();
    }

    /** Exponents are rebased; subnormals, which lack the leading one, are given it and lose it again in arithmetic. */
    private static FloatVector f16(MemorySegment segment, long at) {
        IntVector half = shorts(segment, at);
        IntVector magnitude = half.and(0x7FFF).lanewise(LSHL, 13);
        IntVector exponent = magnitude.and(0x0F800000);
        IntVector rebased = magnitude.add(112 << 23);
        VectorMask<Float> subnormal = exponent.compare(EQ, 0).cast(FLOATS);
        FloatVector value =
                rebased.add(112 << 23, exponent.compare(EQ, 0x0F800000)).reinterpretAsFloats();
        FloatVector small = rebased.add(1 << 23).reinterpretAsFloats().sub(0x1p-14f);
        return value.blend(small, subnormal)
                .reinterpretAsInts()
                .or(half.and(0x8000).lanewise(LSHL, 16))
                .reinterpretAsFloats();
    }

    @Override
    public void widen(Dtype type, MemorySegment source, long sourceByte, int count, float[] tile, int tileAt) {
        int bulk = 0;
        switch (type) {
            case F32 -> {
                MemorySegment.copy(source, F32, sourceByte, tile, tileAt, count);
                return;
            }
            case BF16 -> {
                bulk = FLOATS.loopBound(count);
                for (int i = 0; i < bulk; i += WIDTH) {
                    bf16(source, sourceByte + 2L * i).intoArray(tile, tileAt + i);
                }
            }
            case F16 -> {
                bulk = FLOATS.loopBound(count);
                for (int i = 0; i < bulk; i += WIDTH) {
                    f16(source, sourceByte + 2L * i).intoArray(tile, tileAt + i);
                }
            }
            default -> {}
        }
        scalar.widen(type, source, sourceByte + (long) bulk * type.width(), count - bulk, tile, tileAt + bulk);
    }

    @Override
    public void dot(
            Dtype type,
            MemorySegment w,
            long wByte,
            long rowBytes,
            int rows,
            int columns,
            float[] x,
            int xAt,
            int xStride,
            int tokens,
            float[] y,
            int yAt,
            int yStride) {
        requireComputed(type);
        int row = 0;
        for (; row + 4 <= rows; row += 4) {
            long at = wByte + row * rowBytes;
            for (int token = 0; token < tokens; token++) {
                rows(type, w, at, rowBytes, columns, x, xAt + token * xStride, y, yAt + token * yStride + row);
            }
        }
        for (; row < rows; row++) {
            for (int token = 0; token < tokens; token++) {
                long at = wByte + row * rowBytes;
                y[yAt + token * yStride + row] = type == Dtype.BF16
                        ? rowBf16(w, at, columns, x, xAt + token * xStride)
                        : rowF32(w, at, columns, x, xAt + token * xStride);
            }
        }
    }

    @Override
    public void dotTogether(
            Dtype type,
            MemorySegment w,
            long wByte,
            long rowBytes,
            int rows,
            int columns,
            float[] packed,
            int packedAt,
            int tokens,
            float[] y,
            int yAt,
            int yStride) {
        requireComputed(type);
        VectorTogether.dot(type, w, wByte, rowBytes, rows, columns, packed, packedAt, tokens, y, yAt, yStride);
    }

    private static void requireComputed(Dtype type) {
        if (type != Dtype.BF16 && type != Dtype.F32) {
            throw new IllegalArgumentException(type + " weights must be widened first");
        }
    }

    private static void rows(
            Dtype type,
            MemorySegment w,
            long wByte,
            long rowBytes,
            int columns,
            float[] x,
            int xAt,
            float[] y,
            int yAt) {
        if (type == Dtype.BF16) {
            rowsBf16(w, wByte, rowBytes, columns, x, xAt, y, yAt);
        } else {
            rowsF32(w, wByte, rowBytes, columns, x, xAt, y, yAt);
        }
    }

    private static float tail(
            Dtype type, MemorySegment w, long rowByte, int from, int columns, float[] x, int xAt, float sum) {
        float result = sum;
        for (int i = from; i < columns; i++) {
            float weight = type == Dtype.BF16
                    ? Float.intBitsToFloat(w.get(ElementCodec.I16, rowByte + 2L * i) << 16)
                    : w.get(F32, rowByte + 4L * i);
            result = Math.fma(weight, x[xAt + i], result);
        }
        return result;
    }

    private static float rowBf16(MemorySegment w, long wByte, int columns, float[] x, int xAt) {
        FloatVector sum = FloatVector.zero(FLOATS);
        int bulk = FLOATS.loopBound(columns);
        for (int i = 0; i < bulk; i += WIDTH) {
            sum = bf16(w, wByte + 2L * i).fma(load(x, xAt + i), sum);
        }
        return tail(Dtype.BF16, w, wByte, bulk, columns, x, xAt, sum.reduceLanes(ADD));
    }

    /** Four rows, one token. */
    private static void rowsBf16(
            MemorySegment w, long wByte, long rowBytes, int columns, float[] x, int xAt, float[] y, int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        long w1 = wByte + rowBytes;
        long w2 = w1 + rowBytes;
        long w3 = w2 + rowBytes;
        int bulk = FLOATS.loopBound(columns);
        for (int i = 0; i < bulk; i += WIDTH) {
            FloatVector v = load(x, xAt + i);
            s0 = bf16(w, wByte + 2L * i).fma(v, s0);
            s1 = bf16(w, w1 + 2L * i).fma(v, s1);
            s2 = bf16(w, w2 + 2L * i).fma(v, s2);
            s3 = bf16(w, w3 + 2L * i).fma(v, s3);
        }
        y[yAt] = tail(Dtype.BF16, w, wByte, bulk, columns, x, xAt, s0.reduceLanes(ADD));
        y[yAt + 1] = tail(Dtype.BF16, w, w1, bulk, columns, x, xAt, s1.reduceLanes(ADD));
        y[yAt + 2] = tail(Dtype.BF16, w, w2, bulk, columns, x, xAt, s2.reduceLanes(ADD));
        y[yAt + 3] = tail(Dtype.BF16, w, w3, bulk, columns, x, xAt, s3.reduceLanes(ADD));
    }

    private static float rowF32(MemorySegment w, long wByte, int columns, float[] x, int xAt) {
        FloatVector sum = FloatVector.zero(FLOATS);
        int bulk = FLOATS.loopBound(columns);
        for (int i = 0; i < bulk; i += WIDTH) {
            sum = f32(w, wByte + 4L * i).fma(load(x, xAt + i), sum);
        }
        return tail(Dtype.F32, w, wByte, bulk, columns, x, xAt, sum.reduceLanes(ADD));
    }

    /** Four rows, one token. */
    private static void rowsF32(
            MemorySegment w, long wByte, long rowBytes, int columns, float[] x, int xAt, float[] y, int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        long w1 = wByte + rowBytes;
        long w2 = w1 + rowBytes;
        long w3 = w2 + rowBytes;
        int bulk = FLOATS.loopBound(columns);
        for (int i = 0; i < bulk; i += WIDTH) {
            FloatVector v = load(x, xAt + i);
            s0 = f32(w, wByte + 4L * i).fma(v, s0);
            s1 = f32(w, w1 + 4L * i).fma(v, s1);
            s2 = f32(w, w2 + 4L * i).fma(v, s2);
            s3 = f32(w, w3 + 4L * i).fma(v, s3);
        }
        y[yAt] = tail(Dtype.F32, w, wByte, bulk, columns, x, xAt, s0.reduceLanes(ADD));
        y[yAt + 1] = tail(Dtype.F32, w, w1, bulk, columns, x, xAt, s1.reduceLanes(ADD));
        y[yAt + 2] = tail(Dtype.F32, w, w2, bulk, columns, x, xAt, s2.reduceLanes(ADD));
        y[yAt + 3] = tail(Dtype.F32, w, w3, bulk, columns, x, xAt, s3.reduceLanes(ADD));
    }

    private static void put(FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3, float[] y, int yAt) {
        y[yAt] = s0.reduceLanes(ADD);
        y[yAt + 1] = s1.reduceLanes(ADD);
        y[yAt + 2] = s2.reduceLanes(ADD);
        y[yAt + 3] = s3.reduceLanes(ADD);
    }

    @Override
    public float dot(float[] a, int aAt, float[] b, int bAt, int count) {
        FloatVector even = FloatVector.zero(FLOATS);
        FloatVector odd = even;
        int bulk = count & -(2 * WIDTH);
        for (int i = 0; i < bulk; i += 2 * WIDTH) {
            even = load(a, aAt + i).fma(load(b, bAt + i), even);
            odd = load(a, aAt + i + WIDTH).fma(load(b, bAt + i + WIDTH), odd);
        }
        float sum = even.add(odd).reduceLanes(ADD);
        for (int i = bulk; i < count; i++) {
            sum = Math.fma(a[aAt + i], b[bAt + i], sum);
        }
        return sum;
    }

    @Override
    public void panel(float[] w, int wAt, int columns, float[] x, int xAt, int xStride, float[] out) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector b0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        FloatVector a2 = a0;
        FloatVector b2 = a0;
        FloatVector a3 = a0;
        FloatVector b3 = a0;
        FloatVector a4 = a0;
        FloatVector b4 = a0;
        FloatVector a5 = a0;
        FloatVector b5 = a0;
        FloatVector a6 = a0;
        FloatVector b6 = a0;
        FloatVector a7 = a0;
        FloatVector b7 = a0;
        for (int i = 0; i < columns; i++) {
            FloatVector a = load(x, xAt + i * xStride);
            FloatVector b = load(x, xAt + i * xStride + WIDTH);
            int at = wAt + i;
            FloatVector w0 = FloatVector.broadcast(FLOATS, w[at]);
            a0 = w0.fma(a, a0);
            b0 = w0.fma(b, b0);
            FloatVector w1 = FloatVector.broadcast(FLOATS, w[at + columns]);
            a1 = w1.fma(a, a1);
            b1 = w1.fma(b, b1);
            FloatVector w2 = FloatVector.broadcast(FLOATS, w[at + 2 * columns]);
            a2 = w2.fma(a, a2);
            b2 = w2.fma(b, b2);
            FloatVector w3 = FloatVector.broadcast(FLOATS, w[at + 3 * columns]);
            a3 = w3.fma(a, a3);
            b3 = w3.fma(b, b3);
            FloatVector w4 = FloatVector.broadcast(FLOATS, w[at + 4 * columns]);
            a4 = w4.fma(a, a4);
            b4 = w4.fma(b, b4);
            FloatVector w5 = FloatVector.broadcast(FLOATS, w[at + 5 * columns]);
            a5 = w5.fma(a, a5);
            b5 = w5.fma(b, b5);
            FloatVector w6 = FloatVector.broadcast(FLOATS, w[at + 6 * columns]);
            a6 = w6.fma(a, a6);
            b6 = w6.fma(b, b6);
            FloatVector w7 = FloatVector.broadcast(FLOATS, w[at + 7 * columns]);
            a7 = w7.fma(a, a7);
            b7 = w7.fma(b, b7);
        }
        a0.intoArray(out, 0 * 2 * WIDTH);
        b0.intoArray(out, 0 * 2 * WIDTH + WIDTH);
        a1.intoArray(out, 1 * 2 * WIDTH);
        b1.intoArray(out, 1 * 2 * WIDTH + WIDTH);
        a2.intoArray(out, 2 * 2 * WIDTH);
        b2.intoArray(out, 2 * 2 * WIDTH + WIDTH);
        a3.intoArray(out, 3 * 2 * WIDTH);
        b3.intoArray(out, 3 * 2 * WIDTH + WIDTH);
        a4.intoArray(out, 4 * 2 * WIDTH);
        b4.intoArray(out, 4 * 2 * WIDTH + WIDTH);
        a5.intoArray(out, 5 * 2 * WIDTH);
        b5.intoArray(out, 5 * 2 * WIDTH + WIDTH);
        a6.intoArray(out, 6 * 2 * WIDTH);
        b6.intoArray(out, 6 * 2 * WIDTH + WIDTH);
        a7.intoArray(out, 7 * 2 * WIDTH);
        b7.intoArray(out, 7 * 2 * WIDTH + WIDTH);
    }

    /** Shorter vectors do not hold 16 sums: theirs are masked additions, and the table is the activations and their sum. */
    @Override
    public float[] signTable(float[] x, int xAt, int columns) {
        if (BITS == SignLookups.BITS) {
            float[] table = new float[SignTable.length(columns)];
            SignLookups.fill(x, xAt, columns, table);
            return table;
        }
        float[] table = Arrays.copyOfRange(x, xAt, xAt + columns + 1);
        double sum = 0;
        for (int column = 0; column < columns; column++) {
            sum += x[xAt + column];
        }
        table[columns] = (float) sum;
        return table;
    }

    @Override
    public short[] quantisedTable(short[] x) {
        if (BITS != SignLookups.BITS) {
            return x.clone();
        }
        short[] table = new short[Math.multiplyExact((x.length + 7) / 8, 2 * SignLookups.SHORT_WAYS)];
        SignLookups.fill(x, table);
        return table;
    }

    @Override
    public void signDot(
            MemorySegment signs,
            long signsByte,
            long rowBytes,
            int rows,
            int columns,
            float[] table,
            float[] out,
            int outAt) {
        if (BITS == SignLookups.BITS) {
            SignLookups.signDot(signs, signsByte, rowBytes, rows, columns, table, out, outAt);
            return;
        }
        int row = 0;
        for (; row + 4 <= rows; row += 4) {
            signRows(signs, signsByte + row * rowBytes, rowBytes, columns, table, 0, out, outAt + row);
        }
        for (; row < rows; row++) {
            out[outAt + row] = signRow(signs, signsByte + row * rowBytes, 0, columns, table, 0);
        }
        for (int i = 0; i < rows; i++) {
            out[outAt + i] = 2 * out[outAt + i] - table[columns];
        }
    }

    private static void signRows(
            MemorySegment signs,
            long signsByte,
            long rowBytes,
            int columns,
            float[] x,
            int xAt,
            float[] out,
            int outAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int bulk = columns & -TURN;
        for (int i = 0; i < bulk; i += TURN) {
            long at = signsByte + (i >> 3);
            long b0 = signs.get(I64, at);
            long b1 = signs.get(I64, at + rowBytes);
            long b2 = signs.get(I64, at + 2 * rowBytes);
            long b3 = signs.get(I64, at + 3 * rowBytes);
            for (int k = 0; k < TURN; k += WIDTH) {
                FloatVector v = load(x, xAt + i + k);
                s0 = s0.add(v, VectorMask.fromLong(FLOATS, b0 >>> k));
                s1 = s1.add(v, VectorMask.fromLong(FLOATS, b1 >>> k));
                s2 = s2.add(v, VectorMask.fromLong(FLOATS, b2 >>> k));
                s3 = s3.add(v, VectorMask.fromLong(FLOATS, b3 >>> k));
            }
        }
        put(s0, s1, s2, s3, out, outAt);
        for (int row = 0; bulk < columns && row < 4; row++) {
            float rest = ScalarMatrixKernels.sum(signs, signsByte + row * rowBytes, bulk, columns, x, xAt);
            out[outAt + row] = out[outAt + row] + rest;
        }
    }

    private static float signRow(MemorySegment signs, long rowByte, int from, int to, float[] x, int xAt) {
        FloatVector sum = FloatVector.zero(FLOATS);
        int bulk = from + ((to - from) & -TURN);
        for (int i = from; i < bulk; i += TURN) {
            long bits = signs.get(I64, rowByte + (i >> 3));
            for (int k = 0; k < TURN; k += WIDTH) {
                sum = sum.add(load(x, xAt + i + k), VectorMask.fromLong(FLOATS, bits >>> k));
            }
        }
        return sum.reduceLanes(ADD) + ScalarMatrixKernels.sum(signs, rowByte, bulk, to, x, xAt);
    }

    @Override
    public void groupedSignDot(
            MemorySegment signs,
            long signsByte,
            long rowBytes,
            int rows,
            int columns,
            int group,
            float[] scales,
            int scalesAt,
            float[] x,
            int xAt,
            float[] out,
            int outAt) {
        if (group % TURN != 0) {
            throw new IllegalArgumentException("groups of " + group + " are not whole words of 64 signs");
        }
        int groups = (columns + group - 1) / group;
        int whole = columns / TURN * TURN / group;
        for (int row = 0; row < rows; row++) {
            long at = signsByte + row * rowBytes;
            int scaleAt = scalesAt + row * groups;
            float sum = groupedRow(signs, at, whole, group, scales, scaleAt, x, xAt);
            for (int g = whole; g < groups; g++) {
                float rest = signRow(signs, at, g * group, Math.min(columns, (g + 1) * group), x, xAt);
                sum = Math.fma(scales[scaleAt + g], rest, sum);
            }
            out[outAt + row] = sum;
        }
    }

    private static float groupedRow(
            MemorySegment signs, long rowByte, int groups, int group, float[] scales, int scaleAt, float[] x, int xAt) {
        FloatVector total = FloatVector.zero(FLOATS);
        for (int g = 0; g < groups; g++) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = g * group; i < (g + 1) * group; i += TURN) {
                long bits = signs.get(I64, rowByte + (i >> 3));
                for (int k = 0; k < TURN; k += WIDTH) {
                    sum = sum.add(load(x, xAt + i + k), VectorMask.fromLong(FLOATS, bits >>> k));
                }
            }
            total = sum.fma(FloatVector.broadcast(FLOATS, scales[scaleAt + g]), total);
        }
        return total.reduceLanes(ADD);
    }

    @Override
    public void quantisedSignDot(
            MemorySegment signs,
            long signsByte,
            long rowBytes,
            int rows,
            int columns,
            short[] table,
            int[] out,
            int outAt) {
        if (BITS == SignLookups.BITS) {
            SignLookups.signDot(signs, signsByte, rowBytes, rows, columns, table, out, outAt);
            return;
        }
        int row = 0;
        int bulk = columns & -TURN;
        int step = FLUSH * SHORTS.length();
        int all = 0;
        for (int column = 0; column < bulk; column++) {
            all += table[column];
        }
        for (; row + 4 <= rows; row += 4) {
            long at = signsByte + row * rowBytes;
            Arrays.fill(out, outAt + row, outAt + row + 4, 0);
            // Lanes of 16 bits are emptied before they can overflow.
            for (int from = 0; from < bulk; from += step) {
                quantisedRows(signs, at, rowBytes, from, Math.min(bulk, from + step), table, out, outAt + row);
            }
            for (int i = 0; i < 4; i++) {
                int rest = ScalarMatrixKernels.quantisedSum(signs, at + i * rowBytes, bulk, columns, table);
                int ones = out[outAt + row + i];
                out[outAt + row + i] = 2 * ones - all + rest;
            }
        }
        for (; row < rows; row++) {
            int sum = ScalarMatrixKernels.quantisedSum(signs, signsByte + row * rowBytes, 0, columns, table);
            out[outAt + row] = sum;
        }
    }

    private static ShortVector quantised(short[] x, int at) {
        return ShortVector.fromArray(SHORTS, x, at);
    }

    private static void quantisedRows(
            MemorySegment signs, long signsByte, long rowBytes, int from, int to, short[] x, int[] out, int outAt) {
        ShortVector s0 = ShortVector.zero(SHORTS);
        ShortVector s1 = s0;
        ShortVector s2 = s0;
        ShortVector s3 = s0;
        for (int i = from; i < to; i += TURN) {
            long at = signsByte + (i >> 3);
            long b0 = signs.get(I64, at);
            long b1 = signs.get(I64, at + rowBytes);
            long b2 = signs.get(I64, at + 2 * rowBytes);
            long b3 = signs.get(I64, at + 3 * rowBytes);
            for (int k = 0; k < TURN; k += SHORTS.length()) {
                ShortVector v = quantised(x, i + k);
                s0 = s0.add(v, VectorMask.fromLong(SHORTS, b0 >>> k));
                s1 = s1.add(v, VectorMask.fromLong(SHORTS, b1 >>> k));
                s2 = s2.add(v, VectorMask.fromLong(SHORTS, b2 >>> k));
                s3 = s3.add(v, VectorMask.fromLong(SHORTS, b3 >>> k));
            }
        }
        addLanes(s0, out, outAt);
        addLanes(s1, out, outAt + 1);
        addLanes(s2, out, outAt + 2);
        addLanes(s3, out, outAt + 3);
    }

    private static void addLanes(ShortVector sums, int[] out, int at) {
        int sum = sums.convertShape(S2I, INTS, 0)
                .reinterpretAsInts()
                .add(sums.convertShape(S2I, INTS, 1).reinterpretAsInts())
                .reduceLanes(ADD);
        out[at] += sum;
    }

    @Override
    public void addSigns(MemorySegment signs, long signsByte, int count, float scale, float[] tile, int tileAt) {
        FloatVector plus = FloatVector.broadcast(FLOATS, scale);
        FloatVector minus = FloatVector.broadcast(FLOATS, -scale);
        int bulk = count & -TURN;
        for (int i = 0; i < bulk; i += TURN) {
            long bits = signs.get(I64, signsByte + (i >> 3));
            for (int k = 0; k < TURN; k += WIDTH) {
                int at = tileAt + i + k;
                FloatVector change = minus.blend(plus, VectorMask.fromLong(FLOATS, bits >>> k));
                load(tile, at).add(change).intoArray(tile, at);
            }
        }
        scalar.addSigns(signs, signsByte + (bulk >> 3), count - bulk, scale, tile, tileAt + bulk);
    }

    @Override
    public void addSigns(
            MemorySegment signs, long signsByte, int count, float[] scales, int scalesAt, float[] tile, int tileAt) {
        int bulk = count & -TURN;
        for (int i = 0; i < bulk; i += TURN) {
            long bits = signs.get(I64, signsByte + (i >> 3));
            for (int k = 0; k < TURN; k += WIDTH) {
                int at = tileAt + i + k;
                FloatVector scale = load(scales, scalesAt + i + k);
                FloatVector change = scale.neg().blend(scale, VectorMask.fromLong(FLOATS, bits >>> k));
                load(tile, at).add(change).intoArray(tile, at);
            }
        }
        scalar.addSigns(signs, signsByte + (bulk >> 3), count - bulk, scales, scalesAt + bulk, tile, tileAt + bulk);
    }

    @Override
    public void weightedRows(
            MemorySegment v, long vByte, int rows, int columns, float[] weights, float[] out, int outAt) {
        int bulk = FLOATS.loopBound(columns);
        for (int column = 0; column < bulk; column += WIDTH) {
            weightedColumns(v, vByte + 4L * column, rows, columns, weights, out, outAt + column);
        }
        for (int column = bulk; column < columns; column++) {
            float sum = 0;
            for (int row = 0; row < rows; row++) {
                sum = Math.fma(weights[row], v.get(F32, vByte + 4L * ((long) row * columns + column)), sum);
            }
            out[outAt + column] = sum;
        }
    }

    /** One vector of columns; two sums hide the latency of an addition. */
    private static void weightedColumns(
            MemorySegment v, long vByte, int rows, int columns, float[] weights, float[] out, int outAt) {
        FloatVector even = FloatVector.zero(FLOATS);
        FloatVector odd = even;
        long rowBytes = 4L * columns;
        int row = 0;
        for (; row + 2 <= rows; row += 2) {
            long at = vByte + row * rowBytes;
            even = FloatVector.fromMemorySegment(FLOATS, v, at, LITTLE_ENDIAN)
                    .fma(FloatVector.broadcast(FLOATS, weights[row]), even);
            odd = FloatVector.fromMemorySegment(FLOATS, v, at + rowBytes, LITTLE_ENDIAN)
                    .fma(FloatVector.broadcast(FLOATS, weights[row + 1]), odd);
        }
        if (row < rows) {
            even = FloatVector.fromMemorySegment(FLOATS, v, vByte + row * rowBytes, LITTLE_ENDIAN)
                    .fma(FloatVector.broadcast(FLOATS, weights[row]), even);
        }
        even.add(odd).intoArray(out, outAt);
    }

    @Override
    public void addScaled(float factor, float[] x, int xAt, int count, float[] y, int yAt) {
        FloatVector f = FloatVector.broadcast(FLOATS, factor);
        int bulk = FLOATS.loopBound(count);
        for (int i = 0; i < bulk; i += WIDTH) {
            load(x, xAt + i).fma(f, load(y, yAt + i)).intoArray(y, yAt + i);
        }
        scalar.addScaled(factor, x, xAt + bulk, count - bulk, y, yAt + bulk);
    }

    @Override
    public void rmsNorm(float[] x, int xAt, int count, float[] weight, float epsilon, float[] y, int yAt) {
        FloatVector squares = FloatVector.zero(FLOATS);
        int bulk = FLOATS.loopBound(count);
        for (int i = 0; i < bulk; i += WIDTH) {
            FloatVector v = load(x, xAt + i);
            squares = v.fma(v, squares);
        }
        float sum = squares.reduceLanes(ADD);
        for (int i = bulk; i < count; i++) {
            sum = Math.fma(x[xAt + i], x[xAt + i], sum);
        }
        float factor = ScalarMatrixKernels.rmsFactor(sum, count, epsilon);
        FloatVector f = FloatVector.broadcast(FLOATS, factor);
        for (int i = 0; i < bulk; i += WIDTH) {
            load(x, xAt + i).mul(f).mul(load(weight, i)).intoArray(y, yAt + i);
        }
        for (int i = bulk; i < count; i++) {
            y[yAt + i] = x[xAt + i] * factor * weight[i];
        }
    }

    @Override
    public void siluTimes(float[] gate, int gateAt, float[] up, int upAt, int count) {
        int bulk = FLOATS.loopBound(count);
        for (int i = 0; i < bulk; i += WIDTH) {
            FloatVector g = load(gate, gateAt + i);
            g.div(exp(g.neg()).add(1f)).mul(load(up, upAt + i)).intoArray(gate, gateAt + i);
        }
        scalar.siluTimes(gate, gateAt + bulk, up, upAt + bulk, count - bulk);
    }

    @Override
    public void softmax(float[] x, int at, int count, float factor) {
        int bulk = FLOATS.loopBound(count);
        if (bulk == 0) {
            scalar.softmax(x, at, count, factor);
            return;
        }
        FloatVector maxima = load(x, at);
        for (int i = WIDTH; i < bulk; i += WIDTH) {
            maxima = maxima.max(load(x, at + i));
        }
        float max = maxima.reduceLanes(MAX);
        for (int i = bulk; i < count; i++) {
            max = Math.max(max, x[at + i]);
        }
        FloatVector sums = FloatVector.zero(FLOATS);
        for (int i = 0; i < bulk; i += WIDTH) {
            FloatVector value = exp(load(x, at + i).sub(max).mul(factor));
            value.intoArray(x, at + i);
            sums = sums.add(value);
        }
        float sum = sums.reduceLanes(ADD);
        for (int i = bulk; i < count; i++) {
            float value = ScalarMatrixKernels.exp((x[at + i] - max) * factor);
            x[at + i] = value;
            sum += value;
        }
        for (int i = 0; i < bulk; i += WIDTH) {
            load(x, at + i).div(sum).intoArray(x, at + i);
        }
        for (int i = bulk; i < count; i++) {
            x[at + i] = x[at + i] / sum;
        }
    }

    /** As the scalar one, step by step. */
    private static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.max(-87f).min(88f);
        FloatVector rounded = clamped.fma(broadcast(LOG2_E), broadcast(ROUND)).sub(ROUND);
        FloatVector r = rounded.fma(broadcast(-LN2_LOW), rounded.fma(broadcast(-LN2_HIGH), clamped));
        FloatVector p = broadcast(1.9875691e-4f)
                .fma(r, broadcast(0.0013981999f))
                .fma(r, broadcast(0.008333452f))
                .fma(r, broadcast(0.041665796f))
                .fma(r, broadcast(0.16666666f))
                .fma(r, broadcast(0.5f));
        IntVector power =
                rounded.convertShape(F2I, INTS, 0).reinterpretAsInts().add(127).lanewise(LSHL, 23);
        return p.fma(r.mul(r), r).add(1f).mul(power.reinterpretAsFloats());
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }
}
