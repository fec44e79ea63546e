package io.bitdelta.engine.kernel;

import static io.bitdelta.engine.kernel.MatrixKernels.RUN;
import static io.bitdelta.engine.kernel.MatrixKernels.TOGETHER;
import static io.bitdelta.engine.kernel.VectorMatrixKernels.FLOATS;
import static io.bitdelta.engine.kernel.VectorMatrixKernels.WIDTH;
import static io.bitdelta.engine.kernel.VectorMatrixKernels.bf16;
import static io.bitdelta.engine.kernel.VectorMatrixKernels.f32;
import static io.bitdelta.engine.kernel.VectorMatrixKernels.load;
import static jdk.incubator.vector.VectorOperators.ADD;

import io.bitdelta.engine.tensor.Dtype;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Products of eight tokens: widened weights go straight from memory into sixteen sums, and through no tile. */
final class VectorTogether {
    private VectorTogether() {}

    static void dot(
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
        float[] lanes = new float[2 * TOGETHER * WIDTH];
        int bulk = columns & -RUN;
        for (int row = 0; row < rows; row += 2) {
            int two = Math.min(2, rows - row);
            long at = wByte + row * rowBytes;
            long next = two == 2 ? rowBytes : 0;
            if (type == Dtype.BF16) {
                togetherBf16(w, at, next, bulk, packed, packedAt, lanes);
            } else {
                togetherF32(w, at, next, bulk, packed, packedAt, lanes);
            }
            for (int token = 0; token < tokens; token++) {
                for (int i = 0; i < two; i++) {
                    float sum = load(lanes, (i * TOGETHER + token) * WIDTH).reduceLanes(ADD);
                    y[yAt + token * yStride + row + i] = bulk == columns
                            ? sum
                            : sum
                                    + ScalarMatrixKernels.together(
                                            type, w, at + i * rowBytes, bulk, columns, packed, packedAt, token);
                }
            }
        }
    }

    /** Two rows, eight tokens: sixteen sums stay in registers, every load of activations serves two of them. */
    private static void togetherBf16(
            MemorySegment w, long wByte, long rowBytes, int columns, float[] x, int xAt, float[] lanes) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector a4 = a0;
        FloatVector a5 = a0;
        FloatVector a6 = a0;
        FloatVector a7 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        FloatVector b4 = a0;
        FloatVector b5 = a0;
        FloatVector b6 = a0;
        FloatVector b7 = a0;
        long other = wByte + rowBytes;
        for (int i = 0; i < columns; i += WIDTH) {
            FloatVector w0 = bf16(w, wByte + 2L * i);
            FloatVector w1 = bf16(w, other + 2L * i);
            int at = xAt + (i & -RUN) * TOGETHER + (i & (RUN - 1));
            FloatVector v0 = load(x, at);
            a0 = w0.fma(v0, a0);
            b0 = w1.fma(v0, b0);
            FloatVector v1 = load(x, at + RUN);
            a1 = w0.fma(v1, a1);
            b1 = w1.fma(v1, b1);
            FloatVector v2 = load(x, at + 2 * RUN);
            a2 = w0.fma(v2, a2);
            b2 = w1.fma(v2, b2);
            FloatVector v3 = load(x, at + 3 * RUN);
            a3 = w0.fma(v3, a3);
            b3 = w1.fma(v3, b3);
            FloatVector v4 = load(x, at + 4 * RUN);
            a4 = w0.fma(v4, a4);
            b4 = w1.fma(v4, b4);
            FloatVector v5 = load(x, at + 5 * RUN);
            a5 = w0.fma(v5, a5);
            b5 = w1.fma(v5, b5);
            FloatVector v6 = load(x, at + 6 * RUN);
            a6 = w0.fma(v6, a6);
            b6 = w1.fma(v6, b6);
            FloatVector v7 = load(x, at + 7 * RUN);
            a7 = w0.fma(v7, a7);
            b7 = w1.fma(v7, b7);
        }
        a0.intoArray(lanes, 0);
        a1.intoArray(lanes, WIDTH);
        a2.intoArray(lanes, 2 * WIDTH);
        a3.intoArray(lanes, 3 * WIDTH);
        a4.intoArray(lanes, 4 * WIDTH);
        a5.intoArray(lanes, 5 * WIDTH);
        a6.intoArray(lanes, 6 * WIDTH);
        a7.intoArray(lanes, 7 * WIDTH);
        b0.intoArray(lanes, 8 * WIDTH);
        b1.intoArray(lanes, 9 * WIDTH);
        b2.intoArray(lanes, 10 * WIDTH);
        b3.intoArray(lanes, 11 * WIDTH);
        b4.intoArray(lanes, 12 * WIDTH);
        b5.intoArray(lanes, 13 * WIDTH);
        b6.intoArray(lanes, 14 * WIDTH);
        b7.intoArray(lanes, 15 * WIDTH);
    }

    /** Two rows, eight tokens: sixteen sums stay in registers, every load of activations serves two of them. */
    private static void togetherF32(
            MemorySegment w, long wByte, long rowBytes, int columns, float[] x, int xAt, float[] lanes) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector a4 = a0;
        FloatVector a5 = a0;
        FloatVector a6 = a0;
        FloatVector a7 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        FloatVector b4 = a0;
        FloatVector b5 = a0;
        FloatVector b6 = a0;
        FloatVector b7 = a0;
        long other = wByte + rowBytes;
        for (int i = 0; i < columns; i += WIDTH) {
            FloatVector w0 = f32(w, wByte + 4L * i);
            FloatVector w1 = f32(w, other + 4L * i);
            int at = xAt + (i & -RUN) * TOGETHER + (i & (RUN - 1));
            FloatVector v0 = load(x, at);
            a0 = w0.fma(v0, a0);
            b0 = w1.fma(v0, b0);
            FloatVector v1 = load(x, at + RUN);
            a1 = w0.fma(v1, a1);
            b1 = w1.fma(v1, b1);
            FloatVector v2 = load(x, at + 2 * RUN);
            a2 = w0.fma(v2, a2);
            b2 = w1.fma(v2, b2);
            FloatVector v3 = load(x, at + 3 * RUN);
            a3 = w0.fma(v3, a3);
            b3 = w1.fma(v3, b3);
            FloatVector v4 = load(x, at + 4 * RUN);
            a4 = w0.fma(v4, a4);
            b4 = w1.fma(v4, b4);
            FloatVector v5 = load(x, at + 5 * RUN);
            a5 = w0.fma(v5, a5);
            b5 = w1.fma(v5, b5);
            FloatVector v6 = load(x, at + 6 * RUN);
            a6 = w0.fma(v6, a6);
            b6 = w1.fma(v6, b6);
            FloatVector v7 = load(x, at + 7 * RUN);
            a7 = w0.fma(v7, a7);
            b7 = w1.fma(v7, b7);
        }
        a0.intoArray(lanes, 0);
        a1.intoArray(lanes, WIDTH);
        a2.intoArray(lanes, 2 * WIDTH);
        a3.intoArray(lanes, 3 * WIDTH);
        a4.intoArray(lanes, 4 * WIDTH);
        a5.intoArray(lanes, 5 * WIDTH);
        a6.intoArray(lanes, 6 * WIDTH);
        a7.intoArray(lanes, 7 * WIDTH);
        b0.intoArray(lanes, 8 * WIDTH);
        b1.intoArray(lanes, 9 * WIDTH);
        b2.intoArray(lanes, 10 * WIDTH);
        b3.intoArray(lanes, 11 * WIDTH);
        b4.intoArray(lanes, 12 * WIDTH);
        b5.intoArray(lanes, 13 * WIDTH);
        b6.intoArray(lanes, 14 * WIDTH);
        b7.intoArray(lanes, 15 * WIDTH);
    }
}
