package io.bitdelta.engine.kernel;

import static io.bitdelta.engine.kernel.SignTable.WAYS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Signed sums of 32 rows at a time by lookups in a {@link SignTable}, for vectors of 512 bits: a table of 16 sums is one
 * register, and one permutation looks four signs of 16 rows up. Rows are first turned on their side: 32 signs of 16
 * rows become a vector. Activations of 8 bits have sums of 16, and one permutation looks up four signs of 32 rows. Masked
 * additions need one mask per 16 signs and take longer.
 */
final class SignLookups {
    static final int BITS = 512;

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_512;
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int LANES = 16;
    private static final int ROWS = 2 * LANES;
    private static final int WORD = 64;
    /** Columns at a time; rows of as many are read from memory in one go, as the prefetcher wants them. */
    private static final int CHUNK = 8192;
    /** Elements of a table of 16-bit sums per four columns. */
    static final int SHORT_WAYS = 2 * WAYS;
    /** Half words whose lookups, four for each of two sums, of at most 4 * 127 fit 16 bits. */
    private static final int FLUSH = 16;

    private static final int[] EVEN = {0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30};
    private static final int[] ODD = {1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31};

    private static final float[][] SIGNS = new float[4][WAYS];

    static {
        for (int way = 0; way < WAYS; way++) {
            for (int j = 0; j < 4; j++) {
                SIGNS[j][way] = (way >> j & 1) != 0 ? 1 : -1;
            }
        }
    }

    private SignLookups() {}

    /** As {@link SignTable#fill}, bit for bit: products with 1 and -1 are exact. */
    static void fill(float[] x, int xAt, int columns, float[] table) {
        int bulk = columns & -4;
        FloatVector s0 = FloatVector.fromArray(FLOATS, SIGNS[0], 0);
        FloatVector s1 = FloatVector.fromArray(FLOATS, SIGNS[1], 0);
        FloatVector s2 = FloatVector.fromArray(FLOATS, SIGNS[2], 0);
        FloatVector s3 = FloatVector.fromArray(FLOATS, SIGNS[3], 0);
        for (int column = 0; column < bulk; column += 4) {
            int at = xAt + column;
            FloatVector low = s1.fma(FloatVector.broadcast(FLOATS, x[at + 1]), s0.mul(x[at]));
            FloatVector high = s3.fma(FloatVector.broadcast(FLOATS, x[at + 3]), s2.mul(x[at + 2]));
            low.add(high).intoArray(table, column * (WAYS / 4));
        }
        if (bulk < columns) {
            SignTable.fill(x, xAt, bulk, columns, table);
        }
    }

    /** As {@link #fill} of integers; each table of 16 twice, since an index into 32 lanes has a fifth bit, of the next column. */
    static void fill(short[] x, short[] table) {
        for (int column = 0; column < x.length; column += 4) {
            int at = column * (SHORT_WAYS / 4);
            for (int way = 0; way < WAYS; way++) {
                int sum = 0;
                for (int j = 0; j < Math.min(4, x.length - column); j++) {
                    sum += (way >> j & 1) != 0 ? x[column + j] : -x[column + j];
                }
                table[at + way] = (short) sum;
                table[at + WAYS + way] = (short) sum;
            }
        }
    }

    static void signDot(
            MemorySegment signs,
            long signsByte,
            long rowBytes,
            int rows,
            int columns,
            float[] table,
            float[] out,
            int outAt) {
        Arrays.fill(out, outAt, outAt + rows, 0);
        int whole = rows & -ROWS;
        int bulk = columns & -WORD;
        long[] words = new long[ROWS * Math.min(CHUNK, bulk) / WORD];
        int[] halves = new int[2 * words.length];
        for (int from = 0; from < bulk; from += CHUNK) {
            int count = Math.min(CHUNK, bulk - from) / WORD;
            for (int row = 0; row < whole; row += ROWS) {
                gather(signs, signsByte + row * rowBytes + from / Byte.SIZE, rowBytes, count, words);
                split(count, words, halves);
                look(2 * count, table, from * (WAYS / 4), halves, 0, out, outAt + row);
                look(2 * count, table, from * (WAYS / 4), halves, LANES, out, outAt + row + LANES);
            }
        }
        for (int row = 0; row < rows; row++) {
            int from = row < whole ? bulk : 0;
            if (from < columns) {
                out[outAt + row] += SignTable.sum(signs, signsByte + row * rowBytes, from, columns, table);
            }
        }
    }

    /** Exact: sums of 16 bits are emptied before they can overflow. */
    static void signDot(
            MemorySegment signs,
            long signsByte,
            long rowBytes,
            int rows,
            int columns,
            short[] table,
            int[] out,
            int outAt) {
        Arrays.fill(out, outAt, outAt + rows, 0);
        int whole = rows & -ROWS;
        int bulk = columns & -WORD;
        long[] words = new long[ROWS * Math.min(CHUNK, bulk) / WORD];
        int[] halves = new int[2 * words.length];
        for (int from = 0; from < bulk; from += CHUNK) {
            int count = Math.min(CHUNK, bulk - from) / WORD;
            for (int row = 0; row < whole; row += ROWS) {
                gather(signs, signsByte + row * rowBytes + from / Byte.SIZE, rowBytes, count, words);
                split(count, words, halves);
                for (int half = 0; half < 2 * count; half += FLUSH) {
                    int end = Math.min(2 * count, half + FLUSH);
                    look(half, end, table, from * (SHORT_WAYS / 4), halves, out, outAt + row);
                }
            }
        }
        for (int row = 0; row < rows; row++) {
            int from = row < whole ? bulk : 0;
            for (int column = from; column < columns; column += 4) {
                int bits = signs.get(ValueLayout.JAVA_BYTE, signsByte + row * rowBytes + (column >> 3));
                out[outAt + row] += table[column * (SHORT_WAYS / 4) + (bits >> (column & 4) & (WAYS - 1))];
            }
        }
    }

    /** {@code words[32 k + r]} = word k of row r. */
    private static void gather(MemorySegment signs, long at, long rowBytes, int count, long[] words) {
        for (int row = 0; row < ROWS; row++) {
            long from = at + row * rowBytes;
            for (int k = 0; k < count; k++) {
                words[k * ROWS + row] = signs.get(I64, from + (long) Long.BYTES * k);
            }
        }
    }

    /** {@code halves[32 k + r]} = half word k of row r. */
    private static void split(int count, long[] words, int[] halves) {
        IntVector even = IntVector.fromArray(INTS, EVEN, 0);
        IntVector odd = IntVector.fromArray(INTS, ODD, 0);
        for (int i = 0; i < count * ROWS; i += LANES) {
            IntVector a = LongVector.fromArray(LONGS, words, i).reinterpretAsInts();
            IntVector b = LongVector.fromArray(LONGS, words, i + LANES / 2).reinterpretAsInts();
            int to = 2 * (i & -ROWS) + (i & LANES);
            even.selectFrom(a, b).intoArray(halves, to);
            odd.selectFrom(a, b).intoArray(halves, to + ROWS);
        }
    }

    /** Four lookups of four signs each per turn; more, or calls of own methods, do not fit what the compiler inlines into one loop. */
    private static void look(
            int count, float[] table, int tableAt, int[] halves, int halvesAt, float[] out, int outAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int k = 0; k < 2 * count; k++) {
            IntVector bits = IntVector.fromArray(INTS, halves, halvesAt + (k >> 1) * ROWS)
                    .lanewise(LSHR, (k & 1) * 16);
            int at = tableAt + k * 4 * WAYS;
            s0 = s0.add(bits.selectFrom(FloatVector.fromArray(FLOATS, table, at).reinterpretAsInts())
                    .reinterpretAsFloats());
            s1 = s1.add(bits.lanewise(LSHR, 4)
                    .selectFrom(FloatVector.fromArray(FLOATS, table, at + WAYS).reinterpretAsInts())
                    .reinterpretAsFloats());
            s2 = s2.add(bits.lanewise(LSHR, 8)
                    .selectFrom(
                            FloatVector.fromArray(FLOATS, table, at + 2 * WAYS).reinterpretAsInts())
                    .reinterpretAsFloats());
            s3 = s3.add(bits.lanewise(LSHR, 12)
                    .selectFrom(
                            FloatVector.fromArray(FLOATS, table, at + 3 * WAYS).reinterpretAsInts())
                    .reinterpretAsFloats());
        }
        FloatVector before = FloatVector.fromArray(FLOATS, out, outAt);
        before.add(s0.add(s1).add(s2.add(s3))).intoArray(out, outAt);
    }

    /** Short lane 2 r has 16 signs of row r, lane 2 r + 1 those of row 16 + r. */
    private static void look(int from, int end, short[] table, int tableAt, int[] halves, int[] out, int outAt) {
        ShortVector s0 = ShortVector.zero(SHORTS);
        ShortVector s1 = s0;
        for (int k = 2 * from; k < 2 * end; k++) {
            int shift = (k & 1) * 16;
            int row = (k >> 1) * ROWS;
            IntVector low =
                    IntVector.fromArray(INTS, halves, row).lanewise(LSHR, shift).and(0xFFFF);
            IntVector high = IntVector.fromArray(INTS, halves, row + LANES)
                    .lanewise(LSHL, 16 - shift)
                    .and(0xFFFF0000);
            ShortVector bits = low.or(high).reinterpretAsShorts();
            int at = tableAt + k * 4 * SHORT_WAYS;
            s0 = s0.add(bits.selectFrom(ShortVector.fromArray(SHORTS, table, at)));
            s1 = s1.add(bits.lanewise(LSHR, 4).selectFrom(ShortVector.fromArray(SHORTS, table, at + SHORT_WAYS)));
            s0 = s0.add(bits.lanewise(LSHR, 8).selectFrom(ShortVector.fromArray(SHORTS, table, at + 2 * SHORT_WAYS)));
            s1 = s1.add(bits.lanewise(LSHR, 12).selectFrom(ShortVector.fromArray(SHORTS, table, at + 3 * SHORT_WAYS)));
        }
        IntVector pairs0 = s0.reinterpretAsInts();
        IntVector pairs1 = s1.reinterpretAsInts();
        IntVector low = pairs0.lanewise(LSHL, 16)
                .lanewise(ASHR, 16)
                .add(pairs1.lanewise(LSHL, 16).lanewise(ASHR, 16));
        IntVector high = pairs0.lanewise(ASHR, 16).add(pairs1.lanewise(ASHR, 16));
        IntVector.fromArray(INTS, out, outAt).add(low).intoArray(out, outAt);
        int next = outAt + LANES;
        IntVector.fromArray(INTS, out, next).add(high).intoArray(out, next);
    }
}
