package io.bitdelta.engine.kernel;

import io.bitdelta.engine.tensor.Dtype;
import java.lang.foreign.MemorySegment;

/**
 * The loops of a model's forward pass over one block of rows.
 *
 * <p>Activations are binary32 in arrays, which the compiler inlines deeper than segments; {@code xAt}, {@code yAt} and strides count elements, names
 * that end in {@code Byte} or {@code Bytes} count bytes. Weights are [rows, columns], row-major, little-endian, and are
 * read where they lie. Sums are binary32 with fused multiply-add in as many lanes as the machine's vectors have: a result
 * is the same on every run on one machine, and between machines it differs by rounding: less than
 * {@code columns * 2^-24} of the sum of the absolute terms.
 */
public interface MatrixKernels {
    /** Rows of weights that {@link #panel} takes at a time. */
    int PANEL_ROWS = 8;

    /** Tokens that {@link #dotTogether} takes at a time. */
    int TOGETHER = 8;

    /** Activations that lie side by side, token after token, in what {@link #interleave} makes. */
    int RUN = 16;

    /** Activations of quantised products are at most this much, so that 256 of them fit a 16-bit sum. */
    int MAX_QUANTISED = 127;

    /** For the log: which implementation this is. */
    String name();

    /** How many tokens {@link #panel} takes at a time. */
    int panelTokens();

    /** {@code tile[i] = source[i]} in binary32, exactly, of BF16, F16 or F32. */
    void widen(Dtype type, MemorySegment source, long sourceByte, int count, float[] tile, int tileAt);

    /**
     * {@code y[t * yStride + r] = w[r] . x[t]} for few tokens: bound by reading the weights.
     *
     * @param type BF16 or F32
     * @param rowBytes bytes from one row of weights to the next
     */
    void dot(
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
            int yStride);

    /** {@code a . b} of {@code count} elements. */
    float dot(float[] a, int aAt, float[] b, int bAt, int count);

    /**
     * {@code out[r * panelTokens + t] = w[r] . x[t]} for many tokens: bound by arithmetic.
     *
     * @param w {@link #PANEL_ROWS} rows of binary32, [rows, columns]
     * @param x activations with tokens side by side: [columns, xStride]
     * @param xAt where the first of {@link #panelTokens} tokens is
     */
    void panel(float[] w, int wAt, int columns, float[] x, int xAt, int xStride, float[] out);

    /** Elements that {@link #interleave} fills. */
    static int interleavedLength(int columns) {
        return Math.multiplyExact((columns + RUN - 1) / RUN * RUN, TOGETHER);
    }

    /**
     * Lays out activations for {@link #dotTogether}: [ceil(columns / 16), 8 tokens, 16], zeros where there is no token or
     * column. Rows of activations that are a power of two apart would push each other out of the first-level cache.
     *
     * @param tokens at most {@link #TOGETHER}
     * @param packed {@link #interleavedLength} elements, all zero, from {@code packedAt}
     */
    default void interleave(float[] x, int xAt, int xStride, int tokens, int columns, float[] packed, int packedAt) {
        for (int token = 0; token < tokens; token++) {
            int from = xAt + token * xStride;
            int to = packedAt + token * RUN;
            for (int column = 0; column < columns; column += RUN) {
                System.arraycopy(x, from + column, packed, to, Math.min(RUN, columns - column));
                to += TOGETHER * RUN;
            }
        }
    }

    /**
     * As {@link #dot} for up to {@link #TOGETHER} tokens at once: every weight is read and widened once for all of them.
     *
     * @param packed from {@link #interleave}
     */
    void dotTogether(
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
            int yStride);

    /**
     * What {@link #signDot} needs to know of activations, once for all rows; only these kernels know what it means.
     */
    float[] signTable(float[] x, int xAt, int columns);

    /**
     * {@code out[r]} = the sum of {@code x[c]} over the columns whose sign bit is 1, less the sum over the others.
     *
     * @param signsByte where the first row of packed signs starts; bit {@code c & 7} of byte {@code c >> 3} is column c,
     *     bits behind the last column are 0
     * @param rowBytes bytes from one row of signs to the next
     * @param table from {@link #signTable}
     */
    void signDot(
            MemorySegment signs,
            long signsByte,
            long rowBytes,
            int rows,
            int columns,
            float[] table,
            float[] out,
            int outAt);

    /**
     * {@code out[r]} = the sum over runs of {@code group} columns of {@code scales[r * groups + g]} times the sum of
     * {@code x[c]} over the run's columns whose sign bit is 1.
     *
     * @param group a multiple of 64
     * @param scales binary32, [rows, groups], from {@code scalesAt}
     */
    void groupedSignDot(
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
            int outAt);

    /**
     * What {@link #quantisedSignDot} needs to know of activations.
     *
     * @param x integers of at most {@link #MAX_QUANTISED} either side of 0
     */
    short[] quantisedTable(short[] x);

    /**
     * As {@link #signDot} on quantised activations, exactly.
     *
     * @param table from {@link #quantisedTable}
     */
    void quantisedSignDot(
            MemorySegment signs,
            long signsByte,
            long rowBytes,
            int rows,
            int columns,
            short[] table,
            int[] out,
            int outAt);

    /**
     * {@code tile[i] += scale} where sign bit i is 1, {@code -= scale} where it is 0.
     *
     * @param signsByte where the bit of the first element is the lowest of a byte
     */
    void addSigns(MemorySegment signs, long signsByte, int count, float scale, float[] tile, int tileAt);

    /** As {@link #addSigns} with a scale per element, {@code scales[scalesAt + i]}. */
    void addSigns(
            MemorySegment signs, long signsByte, int count, float[] scales, int scalesAt, float[] tile, int tileAt);

    /**
     * {@code out[c]} = the sum over rows of {@code weights[r] * v[r][c]}.
     *
     * @param v binary32, [rows, columns], from {@code vByte}
     */
    void weightedRows(MemorySegment v, long vByte, int rows, int columns, float[] weights, float[] out, int outAt);

    /** {@code y[i] += factor * x[i]}. */
    void addScaled(float factor, float[] x, int xAt, int count, float[] y, int yAt);

    /** {@code y[i] = weight[i] * x[i] / sqrt(mean(x^2) + epsilon)}; {@code y} may be {@code x}. */
    void rmsNorm(float[] x, int xAt, int count, float[] weight, float epsilon, float[] y, int yAt);

    /** {@code gate[i] = gate[i] / (1 + exp(-gate[i])) * up[i]}. */
    void siluTimes(float[] gate, int gateAt, float[] up, int upAt, int count);

    /** {@code x[i] = exp(factor * x[i]) / sum}, the largest subtracted first. */
    void softmax(float[] x, int at, int count, float factor);
}
