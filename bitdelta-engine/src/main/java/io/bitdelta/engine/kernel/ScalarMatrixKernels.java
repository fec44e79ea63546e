package io.bitdelta.engine.kernel;

import io.bitdelta.engine.tensor.Dtype;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The reference: one element at a time, in order. */
final class ScalarMatrixKernels implements MatrixKernels {
    private static final int PANEL_TOKENS = 16;
    private static final float LOG2_E = 1.442695f;
    private static final float LN2_HIGH = 0.6933594f;
    private static final float LN2_LOW = -2.1219444e-4f;
    private static final float ROUND = 12582912f;

    ScalarMatrixKernels() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int panelTokens() {
        return PANEL_TOKENS;
    }

    private static boolean bit(MemorySegment signs, long rowByte, int column) {
        return ((signs.get(ValueLayout.JAVA_BYTE, rowByte + (column >> 3)) >> (column & 7)) & 1) != 0;
    }

    @Override
    public void widen(Dtype type, MemorySegment source, long sourceByte, int count, float[] tile, int tileAt) {
        for (int i = 0; i < count; i++) {
            tile[tileAt + i] = ElementCodec.readFloat(type, source, sourceByte + (long) i * type.width());
        }
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
        for (int row = 0; row < rows; row++) {
            for (int token = 0; token < tokens; token++) {
                float sum = 0;
                for (int column = 0; column < columns; column++) {
                    float weight =
                            ElementCodec.readFloat(type, w, wByte + row * rowBytes + (long) column * type.width());
                    sum = Math.fma(weight, x[xAt + token * xStride + column], sum);
                }
                y[yAt + token * yStride + row] = sum;
            }
        }
    }

    @Override
    public float dot(float[] a, int aAt, float[] b, int bAt, int count) {
        float sum = 0;
        for (int i = 0; i < count; i++) {
            sum = Math.fma(a[aAt + i], b[bAt + i], sum);
        }
        return sum;
    }

    @Override
    public void panel(float[] w, int wAt, int columns, float[] x, int xAt, int xStride, float[] out) {
        for (int row = 0; row < PANEL_ROWS; row++) {
            for (int token = 0; token < PANEL_TOKENS; token++) {
                float sum = 0;
                for (int column = 0; column < columns; column++) {
                    sum = Math.fma(w[wAt + row * columns + column], x[xAt + column * xStride + token], sum);
                }
                out[row * PANEL_TOKENS + token] = sum;
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
        for (int row = 0; row < rows; row++) {
            for (int token = 0; token < tokens; token++) {
                y[yAt + token * yStride + row] =
                        together(type, w, wByte + row * rowBytes, 0, columns, packed, packedAt, token);
            }
        }
    }

    /** One row and one token of interleaved activations, columns {@code from} to {@code to}. */
    static float together(
            Dtype type, MemorySegment w, long rowByte, int from, int to, float[] packed, int packedAt, int token) {
        float sum = 0;
        for (int column = from; column < to; column++) {
            float weight = ElementCodec.readFloat(type, w, rowByte + (long) column * type.width());
            int at = packedAt + (column & -RUN) * TOGETHER + token * RUN + (column & (RUN - 1));
            sum = Math.fma(weight, packed[at], sum);
        }
        return sum;
    }

    @Override
    public float[] signTable(float[] x, int xAt, int columns) {
        float[] table = new float[SignTable.length(columns)];
        SignTable.fill(x, xAt, 0, columns, table);
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
        for (int row = 0; row < rows; row++) {
            out[outAt + row] = SignTable.sum(signs, signsByte + row * rowBytes, 0, columns, table);
        }
    }

    /** The sum over the columns {@code from} to {@code to} of one row. */
    static float sum(MemorySegment signs, long rowByte, int from, int to, float[] x, int xAt) {
        float sum = 0;
        for (int column = from; column < to; column++) {
            if (bit(signs, rowByte, column)) {
                sum += x[xAt + column];
            }
        }
        return sum;
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
        int groups = (columns + group - 1) / group;
        for (int row = 0; row < rows; row++) {
            float sum = 0;
            for (int g = 0; g < groups; g++) {
                float part =
                        sum(signs, signsByte + row * rowBytes, g * group, Math.min(columns, (g + 1) * group), x, xAt);
                sum = Math.fma(scales[scalesAt + row * groups + g], part, sum);
            }
            out[outAt + row] = sum;
        }
    }

    @Override
    public short[] quantisedTable(short[] x) {
        return x.clone();
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
        for (int row = 0; row < rows; row++) {
            int sum = quantisedSum(signs, signsByte + row * rowBytes, 0, columns, table);
            out[outAt + row] = sum;
        }
    }

    static int quantisedSum(MemorySegment signs, long rowByte, int from, int to, short[] x) {
        int sum = 0;
        for (int column = from; column < to; column++) {
            sum += bit(signs, rowByte, column) ? x[column] : -x[column];
        }
        return sum;
    }

    @Override
    public void addSigns(MemorySegment signs, long signsByte, int count, float scale, float[] tile, int tileAt) {
        for (int i = 0; i < count; i++) {
            tile[tileAt + i] += bit(signs, signsByte, i) ? scale : -scale;
        }
    }

    @Override
    public void addSigns(
            MemorySegment signs, long signsByte, int count, float[] scales, int scalesAt, float[] tile, int tileAt) {
        for (int i = 0; i < count; i++) {
            tile[tileAt + i] += bit(signs, signsByte, i) ? scales[scalesAt + i] : -scales[scalesAt + i];
        }
    }

    @Override
    public void weightedRows(
            MemorySegment v, long vByte, int rows, int columns, float[] weights, float[] out, int outAt) {
        for (int column = 0; column < columns; column++) {
            float sum = 0;
            for (int row = 0; row < rows; row++) {
                float value = v.get(ElementCodec.F32, vByte + ((long) row * columns + column) * Float.BYTES);
                sum = Math.fma(weights[row], value, sum);
            }
            out[outAt + column] = sum;
        }
    }

    @Override
    public void addScaled(float factor, float[] x, int xAt, int count, float[] y, int yAt) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.fma(factor, x[xAt + i], y[yAt + i]);
        }
    }

    @Override
    public void rmsNorm(float[] x, int xAt, int count, float[] weight, float epsilon, float[] y, int yAt) {
        float squares = 0;
        for (int i = 0; i < count; i++) {
            squares = Math.fma(x[xAt + i], x[xAt + i], squares);
        }
        float factor = rmsFactor(squares, count, epsilon);
        for (int i = 0; i < count; i++) {
            y[yAt + i] = x[xAt + i] * factor * weight[i];
        }
    }

    static float rmsFactor(float squares, int count, float epsilon) {
        return (float) (1 / Math.sqrt((double) squares / count + epsilon));
    }

    @Override
    public void siluTimes(float[] gate, int gateAt, float[] up, int upAt, int count) {
        for (int i = 0; i < count; i++) {
            float value = gate[gateAt + i];
            gate[gateAt + i] = value / (1 + exp(-value)) * up[upAt + i];
        }
    }

    @Override
    public void softmax(float[] x, int at, int count, float factor) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, x[at + i]);
        }
        float sum = 0;
        for (int i = 0; i < count; i++) {
            float value = exp((x[at + i] - max) * factor);
            x[at + i] = value;
            sum += value;
        }
        for (int i = 0; i < count; i++) {
            x[at + i] = x[at + i] / sum;
        }
    }

    /** Cephes' expf: 2^n times a polynomial on half a binade, within 2 units in the last place. */
    static float exp(float x) {
        float clamped = Math.min(88f, Math.max(-87f, x));
        float rounded = Math.fma(clamped, LOG2_E, ROUND) - ROUND;
        float r = Math.fma(rounded, -LN2_LOW, Math.fma(rounded, -LN2_HIGH, clamped));
        float p = 1.9875691e-4f;
        p = Math.fma(p, r, 0.0013981999f);
        p = Math.fma(p, r, 0.008333452f);
        p = Math.fma(p, r, 0.041665796f);
        p = Math.fma(p, r, 0.16666666f);
        p = Math.fma(p, r, 0.5f);
        return (Math.fma(p, r * r, r) + 1) * Float.intBitsToFloat(((int) rounded + 127) << 23);
    }
}
