package io.bitdelta.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Sums of four activations for each of the 16 ways to sign them: four signs of a row are then one lookup. Entry {@code 16 g +
 * b} is the sum over j of {@code x[4 g + j]}, added where bit j of b is 1, else subtracted; columns that do not exist are 0.
 */
final class SignTable {
    /** Entries per four columns. */
    static final int WAYS = 16;

    private SignTable() {}

    /** Entries for rows of whole bytes. */
    static int length(int columns) {
        return Math.multiplyExact((columns + 7) / 8, 2 * WAYS);
    }

    /** Fills the entries of columns {@code from}, a multiple of 4, to {@code columns}. */
    static void fill(float[] x, int xAt, int from, int columns, float[] table) {
        for (int column = from; column < columns; column += 4) {
            float x0 = x[xAt + column];
            float x1 = column + 1 < columns ? x[xAt + column + 1] : 0;
            float x2 = column + 2 < columns ? x[xAt + column + 2] : 0;
            float x3 = column + 3 < columns ? x[xAt + column + 3] : 0;
            int at = column * (WAYS / 4);
            for (int way = 0; way < WAYS; way++) {
                float low = ((way & 1) != 0 ? x0 : -x0) + ((way & 2) != 0 ? x1 : -x1);
                float high = ((way & 4) != 0 ? x2 : -x2) + ((way & 8) != 0 ? x3 : -x3);
                table[at + way] = low + high;
            }
        }
    }

    /** The signed sum of one row over columns {@code from}, a multiple of 8, to {@code to}. */
    static float sum(MemorySegment signs, long rowByte, int from, int to, float[] table) {
        float low = 0;
        float high = 0;
        for (int column = from; column < to; column += Byte.SIZE) {
            int bits = signs.get(ValueLayout.JAVA_BYTE, rowByte + (column >> 3));
            int at = column * (WAYS / 4);
            low += table[at + (bits & 15)];
            high += table[at + WAYS + (bits >> 4 & 15)];
        }
        return low + high;
    }
}
