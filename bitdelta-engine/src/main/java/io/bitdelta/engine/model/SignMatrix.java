package io.bitdelta.engine.model;

import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.Granularity;
import io.bitdelta.engine.codec.LayoutEntry;
import io.bitdelta.engine.kernel.MatrixKernels;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The signs and scales of one tensor: {@code S[r][c] = sum over planes of +-scale(r, c)}, multiplied where the signs are
 * mapped. With one scale per row, {@code S x = scale * sum of +-x}: see {@link MatrixKernels#signDot}.
 */
final class SignMatrix {
    private static final int WORD = 64;

    private final LayoutEntry.Sign sign;
    private final int rows;
    private final int columns;
    private final int group;
    private final MemorySegment[] planes;
    private final float[][] scales;

    private SignMatrix(LayoutEntry.Sign sign, MemorySegment[] planes, float[][] scales) {
        this.sign = sign;
        this.rows = Math.toIntExact(sign.shape().rows());
        this.columns = Math.toIntExact(sign.shape().columns());
        this.group = Math.min(sign.granularity().groupSize(), columns);
        this.planes = planes;
        this.scales = scales;
    }

    static SignMatrix of(DeltaFile delta, LayoutEntry.Sign sign) {
        MemorySegment[] planes = new MemorySegment[sign.bits()];
        float[][] scales = new float[sign.bits()][];
        for (int plane = 0; plane < planes.length; plane++) {
            planes[plane] = delta.signs(sign, plane);
            scales[plane] = delta.scales(sign, plane);
        }
        return new SignMatrix(sign, planes, scales);
    }

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    private Granularity.Kind kind() {
        return sign.granularity().kind();
    }

    /** Adds a whole row to {@code tile}. */
    void addRow(MatrixKernels kernels, int row, float[] tile, int at) {
        long rowByte = row * sign.rowBytes();
        for (int plane = 0; plane < planes.length; plane++) {
            switch (kind()) {
                case TENSOR -> kernels.addSigns(planes[plane], rowByte, columns, scales[plane][0], tile, at);
                case ROW -> kernels.addSigns(planes[plane], rowByte, columns, scales[plane][row], tile, at);
                case COLUMN -> kernels.addSigns(planes[plane], rowByte, columns, scales[plane], 0, tile, at);
                case GROUP -> addGroups(kernels, plane, row, tile, at);
            }
        }
    }

    private void addGroups(MatrixKernels kernels, int plane, int row, float[] tile, int at) {
        int groups = groups();
        if (group % Byte.SIZE == 0) {
            for (int g = 0; g < groups; g++) {
                int from = g * group;
                long byteAt = row * sign.rowBytes() + from / Byte.SIZE;
                int count = Math.min(group, columns - from);
                kernels.addSigns(planes[plane], byteAt, count, scales[plane][row * groups + g], tile, at + from);
            }
            return;
        }
        float[] perColumn = new float[columns];
        for (int column = 0; column < columns; column++) {
            perColumn[column] = scales[plane][row * groups + column / group];
        }
        kernels.addSigns(planes[plane], row * sign.rowBytes(), columns, perColumn, 0, tile, at);
    }

    private int groups() {
        return (columns + group - 1) / group;
    }

    /** What a product needs to know of one token's activations; computed once for all rows. */
    sealed interface Input {}

    /** Activations as the kernels want them, where a row has one scale. */
    private static final class Table implements Input {
        private final float[] table;

        Table(float[] table) {
            this.table = table;
        }
    }

    /** Activations as they are, with the sums of their groups. */
    private static final class Groups implements Input {
        private final float[] x;
        private final int at;
        private final float[] sums;

        Groups(float[] x, int at, float[] sums) {
            this.x = x;
            this.at = at;
            this.sums = sums;
        }
    }

    /** Activations times each plane's column scales, as the kernels want them. */
    private static final class Columns implements Input {
        private final float[][] tables;

        Columns(float[][] tables) {
            this.tables = tables;
        }
    }

    /** Activations as integers, as the kernels want them; {@code x = step * integer}. */
    private static final class Quantised implements Input {
        private final short[] table;
        private final float step;

        Quantised(short[] table, float step) {
            this.table = table;
            this.step = step;
        }
    }

    /** Groups whose words of signs are not whole are added row by row. */
    private static final class RowByRow implements Input {
        private final float[] x;
        private final int at;

        RowByRow(float[] x, int at) {
            this.x = x;
            this.at = at;
        }
    }

    /**
     * Prepares a token.
     *
     * @param quantise whether to round activations to 8 bits where scales are per tensor or row
     */
    Input prepare(MatrixKernels kernels, float[] x, int at, boolean quantise) {
        return switch (kind()) {
            case TENSOR, ROW -> quantise ? quantised(kernels, x, at) : new Table(kernels.signTable(x, at, columns));
            case GROUP -> group % WORD == 0 ? new Groups(x, at, sums(x, at, group)) : new RowByRow(x, at);
            case COLUMN -> columnsOf(kernels, x, at);
        };
    }

    /** Whether {@link #prepare} gives the same for every such matrix of as many columns. */
    boolean scaledByRows() {
        return kind() == Granularity.Kind.TENSOR || kind() == Granularity.Kind.ROW;
    }

    private float[] sums(float[] x, int at, int run) {
        float[] sums = new float[(columns + run - 1) / run];
        for (int i = 0; i < sums.length; i++) {
            double sum = 0;
            for (int column = i * run; column < Math.min(columns, (i + 1) * run); column++) {
                sum += x[at + column];
            }
            sums[i] = (float) sum;
        }
        return sums;
    }

    private Input quantised(MatrixKernels kernels, float[] x, int at) {
        float largest = 0;
        for (int column = 0; column < columns; column++) {
            largest = Math.max(largest, Math.abs(x[at + column]));
        }
        short[] values = new short[columns];
        float step = largest / MatrixKernels.MAX_QUANTISED;
        for (int column = 0; step > 0 && column < columns; column++) {
            values[column] = (short) Math.round(x[at + column] / step);
        }
        return new Quantised(kernels.quantisedTable(values), step);
    }

    private Input columnsOf(MatrixKernels kernels, float[] x, int at) {
        float[][] tables = new float[planes.length][];
        float[] scaled = new float[columns];
        for (int plane = 0; plane < planes.length; plane++) {
            for (int column = 0; column < columns; column++) {
                scaled[column] = x[at + column] * scales[plane][column];
            }
            tables[plane] = kernels.signTable(scaled, 0, columns);
        }
        return new Columns(tables);
    }

    /** Adds {@code S x} of rows {@code first} to {@code first + count - 1} to {@code y[yAt ..]}. */
    void addProduct(MatrixKernels kernels, Input input, int first, int count, float[] y, int yAt) {
        long rowBytes = sign.rowBytes();
        for (int plane = 0; plane < planes.length; plane++) {
            switch (input) {
                case Table table -> {
                    float[] sums = signed(kernels, plane, table.table, first, count);
                    for (int i = 0; i < count; i++) {
                        y[yAt + i] += rowScale(plane, first + i) * sums[i];
                    }
                }
                case Groups groups -> addGroups(kernels, groups, plane, first, count, y, yAt);
                case Quantised quantised -> {
                    int[] sums = new int[count];
                    kernels.quantisedSignDot(
                            planes[plane], first * rowBytes, rowBytes, count, columns, quantised.table, sums, 0);
                    for (int i = 0; i < count; i++) {
                        y[yAt + i] += rowScale(plane, first + i) * quantised.step * sums[i];
                    }
                }
                case Columns scaled -> {
                    float[] sums = signed(kernels, plane, scaled.tables[plane], first, count);
                    for (int i = 0; i < count; i++) {
                        y[yAt + i] += sums[i];
                    }
                }
                case RowByRow rows -> {
                    if (plane == 0) {
                        addRows(kernels, rows, first, count, y, yAt);
                    }
                }
            }
        }
    }

    private float[] signed(MatrixKernels kernels, int plane, float[] table, int first, int count) {
        float[] sums = new float[count];
        kernels.signDot(planes[plane], first * sign.rowBytes(), sign.rowBytes(), count, columns, table, sums, 0);
        return sums;
    }

    private void addGroups(MatrixKernels kernels, Groups input, int plane, int first, int count, float[] y, int yAt) {
        long rowBytes = sign.rowBytes();
        float[] sums = new float[count];
        int groups = groups();
        kernels.groupedSignDot(
                planes[plane],
                first * rowBytes,
                rowBytes,
                count,
                columns,
                group,
                scales[plane],
                first * groups,
                input.x,
                input.at,
                sums,
                0);
        for (int i = 0; i < count; i++) {
            float all = 0;
            for (int g = 0; g < groups; g++) {
                all = Math.fma(scales[plane][(first + i) * groups + g], input.sums[g], all);
            }
            y[yAt + i] += 2 * sums[i] - all;
        }
    }

    private void addRows(MatrixKernels kernels, RowByRow input, int first, int count, float[] y, int yAt) {
        float[] row = new float[columns];
        for (int i = 0; i < count; i++) {
            Arrays.fill(row, 0);
            addRow(kernels, first + i, row, 0);
            float sum = 0;
            for (int column = 0; column < columns; column++) {
                sum = Math.fma(row[column], input.x[input.at + column], sum);
            }
            y[yAt + i] += sum;
        }
    }

    private float rowScale(int plane, int row) {
        return scales[plane][kind() == Granularity.Kind.ROW ? row : 0];
    }
}
