package io.bitdelta.engine.kernel;

import static io.bitdelta.engine.kernel.SignTable.WAYS;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Signed sums of 16 rows at a time by lookups in a {@link SignTable}, for vectors of 512 bits: a table of 16 sums is one
 * register, and one permutation looks four signs of 16 rows up. Rows are first turned on their side, 64 signs of 16 rows
 * into two vectors of 32 signs of each row. Masked additions need one mask per 16 signs, which takes half again as long.
 */
final class SignLookups {
    static final int BITS = 512;

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int ROWS = 16;
    private static final int WORD = 64;
    /** Columns at a time: their part of the table stays in the first-level cache while rows go by. */
    private static final int CHUNK = 1024;

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
        long[] words = new long[ROWS * CHUNK / WORD];
        int[] halves = new int[2 * words.length];
        for (int from = 0; from < bulk; from += CHUNK) {
            int count = Math.min(CHUNK, bulk - from) / WORD;
            for (int row = 0; row < whole; row += ROWS) {
                gather(signs, signsByte + row * rowBytes + from / Byte.SIZE, rowBytes, count, words);
                split(count, words, halves);
                look(2 * count, table, from * (WAYS / 4), halves, out, outAt + row);
            }
        }
        for (int row = 0; row < rows; row++) {
            int from = row < whole ? bulk : 0;
            if (from < columns) {
                out[outAt + row] += SignTable.sum(signs, signsByte + row * rowBytes, from, columns, table);
            }
        }
    }

    /** {@code words[16 k + r]} = word k of row r. */
    private static void gather(MemorySegment signs, long at, long rowBytes, int count, long[] words) {
        for (int row = 0; row < ROWS; row++) {
            long from = at + row * rowBytes;
            for (int k = 0; k < count; k++) {
                words[k * ROWS + row] = signs.get(I64, from + (long) Long.BYTES * k);
            }
        }
    }

    /** {@code halves[16 k + r]} = half word k of row r. */
    private static void split(int count, long[] words, int[] halves) {
        IntVector even = IntVector.fromArray(INTS, EVEN, 0);
        IntVector odd = IntVector.fromArray(INTS, ODD, 0);
        for (int i = 0; i < count * ROWS; i += ROWS) {
            IntVector a = LongVector.fromArray(LONGS, words, i).reinterpretAsInts();
            IntVector b = LongVector.fromArray(LONGS, words, i + ROWS / 2).reinterpretAsInts();
            even.selectFrom(a, b).intoArray(halves, 2 * i);
            odd.selectFrom(a, b).intoArray(halves, 2 * i + ROWS);
        }
    }

    private static IntVector ways(float[] table, int at) {
        return FloatVector.fromArray(FLOATS, table, at).reinterpretAsInts();
    }

    /** Four lookups of four signs each per turn; more do not fit what the compiler inlines into one loop. */
    private static void look(int halfWords, float[] table, int tableAt, int[] halves, float[] out, int outAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int k = 0; k < 2 * halfWords; k++) {
            IntVector bits = IntVector.fromArray(INTS, halves, (k >> 1) * ROWS).lanewise(LSHR, (k & 1) * 16);
            int at = tableAt + k * 4 * WAYS;
            s0 = s0.add(bits.selectFrom(ways(table, at)).reinterpretAsFloats());
            s1 = s1.add(
                    bits.lanewise(LSHR, 4).selectFrom(ways(table, at + WAYS)).reinterpretAsFloats());
            s2 = s2.add(bits.lanewise(LSHR, 8)
                    .selectFrom(ways(table, at + 2 * WAYS))
                    .reinterpretAsFloats());
            s3 = s3.add(bits.lanewise(LSHR, 12)
                    .selectFrom(ways(table, at + 3 * WAYS))
                    .reinterpretAsFloats());
        }
        FloatVector.fromArray(FLOATS, out, outAt)
                .add(s0.add(s1).add(s2.add(s3)))
                .intoArray(out, outAt);
    }
}
