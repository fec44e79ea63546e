package io.bitdelta.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bitdelta.engine.tensor.Dtype;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Every loop against its scalar reference: exactly where nothing is rounded, else within the rounding of its sums. */
final class MatrixKernelsTest {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private final MatrixKernels fast = KernelProvider.matrices();
    private final MatrixKernels scalar = KernelProvider.scalarMatrices();

    private static float[] numbers(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static MemorySegment bytes(Random random, Arena arena, long count) {
        byte[] bytes = new byte[(int) count];
        random.nextBytes(bytes);
        MemorySegment segment = arena.allocate(count, 64);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    private static MemorySegment weights(Random random, Arena arena, Dtype type, int count) {
        MemorySegment segment = arena.allocate((long) count * type.width(), 64);
        for (int i = 0; i < count; i++) {
            ElementCodec.write(type, segment, (long) i * type.width(), (float) random.nextGaussian());
        }
        return segment;
    }

    private static void assertClose(float[] found, float[] expected, double tolerance) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i]).as("element %d", i).isCloseTo(expected[i], within(tolerance));
        }
    }

    @Test
    void widenIsExactForEveryBitPatternOfSixteenBits() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = arena.allocate(1 << 17);
            for (int i = 0; i < 1 << 16; i++) {
                all.set(SHORT, 2L * i, (short) i);
            }
            for (Dtype type : new Dtype[] {Dtype.BF16, Dtype.F16}) {
                float[] found = new float[1 << 16];
                float[] expected = new float[1 << 16];
                fast.widen(type, all, 0, found.length, found, 0);
                scalar.widen(type, all, 0, expected.length, expected, 0);
                for (int i = 0; i < found.length; i++) {
                    assertThat(Float.compare(found[i], expected[i]))
                            .as("%s %x", type, i)
                            .isZero();
                }
            }
        }
    }

    @Property(tries = 60)
    void productsAreTheReferences(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 21) int rows,
            @ForAll @IntRange(min = 1, max = 2100) int columns,
            @ForAll @IntRange(min = 1, max = 11) int tokens,
            @ForAll boolean half) {
        Random random = new Random(seed);
        Dtype type = half ? Dtype.BF16 : Dtype.F32;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment w = weights(random, arena, type, rows * columns);
            float[] x = numbers(random, tokens * columns);
            float[] found = new float[tokens * rows];
            float[] expected = new float[tokens * rows];
            long rowBytes = (long) columns * type.width();
            fast.dot(type, w, 0, rowBytes, rows, columns, x, 0, columns, tokens, found, 0, rows);
            scalar.dot(type, w, 0, rowBytes, rows, columns, x, 0, columns, tokens, expected, 0, rows);
            assertClose(found, expected, columns * 0x1p-21);
            int together = Math.min(tokens, MatrixKernels.TOGETHER);
            float[] packed = new float[MatrixKernels.interleavedLength(columns)];
            fast.interleave(x, 0, columns, together, columns, packed, 0);
            for (MatrixKernels kernels : new MatrixKernels[] {fast, scalar}) {
                float[] several = new float[tokens * rows];
                kernels.dotTogether(type, w, 0, rowBytes, rows, columns, packed, 0, together, several, 0, rows);
                assertClose(
                        Arrays.copyOf(several, together * rows),
                        Arrays.copyOf(expected, together * rows),
                        columns * 0x1p-21);
            }
        }
    }

    @Property(tries = 30)
    void panelsAreProducts(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int columns) {
        Random random = new Random(seed);
        int tokens = fast.panelTokens();
        float[] w = numbers(random, MatrixKernels.PANEL_ROWS * columns);
        float[] x = numbers(random, columns * tokens);
        float[] out = new float[MatrixKernels.PANEL_ROWS * tokens];
        fast.panel(w, 0, columns, x, 0, tokens, out);
        for (int row = 0; row < MatrixKernels.PANEL_ROWS; row++) {
            for (int token = 0; token < tokens; token++) {
                double sum = 0;
                for (int column = 0; column < columns; column++) {
                    sum += (double) w[row * columns + column] * x[column * tokens + token];
                }
                assertThat((double) out[row * tokens + token]).isCloseTo(sum, within(columns * 0x1p-20));
            }
        }
    }

    @Property(tries = 60)
    void sumsOverSignsAreTheReferences(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 37) int rows,
            @ForAll @IntRange(min = 1, max = 9000) int columns) {
        Random random = new Random(seed);
        long rowBytes = (columns + 7L) / 8;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment signs = bytes(random, arena, rows * rowBytes);
            float[] x = numbers(random, columns);
            float[] found = new float[rows];
            float[] expected = new float[rows];
            for (int row = 0; row < rows; row++) {
                double sum = 0;
                for (int column = 0; column < columns; column++) {
                    int bits = signs.get(ValueLayout.JAVA_BYTE, row * rowBytes + (column >> 3));
                    sum += (bits >> (column & 7) & 1) != 0 ? x[column] : -x[column];
                }
                expected[row] = (float) sum;
            }
            for (MatrixKernels kernels : new MatrixKernels[] {fast, scalar}) {
                float[] table = kernels.signTable(x, 0, columns);
                kernels.signDot(signs, 0, rowBytes, rows, columns, table, found, 0);
                assertClose(found, expected, columns * 0x1p-20);
            }
            for (int group : new int[] {64, 128}) {
                float[] scales = numbers(random, rows * ((columns + group - 1) / group));
                fast.groupedSignDot(signs, 0, rowBytes, rows, columns, group, scales, 0, x, 0, found, 0);
                scalar.groupedSignDot(signs, 0, rowBytes, rows, columns, group, scales, 0, x, 0, expected, 0);
                assertClose(found, expected, columns * 0x1p-18);
            }
        }
    }

    @Property(tries = 20)
    void quantisedSumsAreExactHoweverLargeTheyGet(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 37) int rows,
            @ForAll @IntRange(min = 1, max = 40_000) int columns) {
        Random random = new Random(seed);
        long rowBytes = (columns + 7L) / 8;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment signs = bytes(random, arena, rows * rowBytes);
            short[] x = new short[columns];
            boolean extreme = random.nextBoolean();
            for (int i = 0; i < columns; i++) {
                x[i] = (short) (extreme ? MatrixKernels.MAX_QUANTISED : random.nextInt(255) - 127);
            }
            int[] found = new int[rows];
            int[] expected = new int[rows];
            fast.quantisedSignDot(signs, 0, rowBytes, rows, columns, fast.quantisedTable(x), found, 0);
            scalar.quantisedSignDot(signs, 0, rowBytes, rows, columns, scalar.quantisedTable(x), expected, 0);
            assertThat(found).containsExactly(expected);
        }
    }

    @Property(tries = 40)
    void elementwiseLoopsAreTheReferences(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int count) {
        Random random = new Random(seed);
        float[] x = numbers(random, count);
        float[] weight = numbers(random, count);
        float[] found = new float[count];
        float[] expected = new float[count];
        fast.rmsNorm(x, 0, count, weight, 1e-6f, found, 0);
        scalar.rmsNorm(x, 0, count, weight, 1e-6f, expected, 0);
        assertClose(found, expected, 1e-4);
        float[] gate = x.clone();
        float[] other = x.clone();
        fast.siluTimes(gate, 0, weight, 0, count);
        scalar.siluTimes(other, 0, weight, 0, count);
        assertThat(gate).containsExactly(other);
        fast.softmax(gate, 0, count, 0.3f);
        scalar.softmax(other, 0, count, 0.3f);
        assertClose(gate, other, 1e-5);
        fast.addScaled(0.7f, x, 0, count, found, 0);
        scalar.addScaled(0.7f, x, 0, count, expected, 0);
        assertClose(found, expected, 1e-4);
        assertThat((double) fast.dot(x, 0, weight, 0, count))
                .isCloseTo(scalar.dot(x, 0, weight, 0, count), within(count * 0x1p-20));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment signs = bytes(random, arena, (count + 7) / 8);
            fast.addSigns(signs, 0, count, 0.5f, found, 0);
            scalar.addSigns(signs, 0, count, 0.5f, expected, 0);
            fast.addSigns(signs, 0, count, weight, 0, found, 0);
            scalar.addSigns(signs, 0, count, weight, 0, expected, 0);
            assertClose(found, expected, 1e-4);
            int rows = 1 + random.nextInt(6);
            MemorySegment v = weights(random, arena, Dtype.F32, rows * count);
            float[] factors = numbers(random, rows);
            fast.weightedRows(v, 0, rows, count, factors, found, 0);
            scalar.weightedRows(v, 0, rows, count, factors, expected, 0);
            assertClose(found, expected, 1e-5);
        }
    }

    @Property
    void theExponentialIsWithinTwoUnits(@ForAll @IntRange(min = -870_000, max = 880_000) int tenThousandths) {
        float x = tenThousandths / 10_000f;
        double exact = Math.exp(x);
        assertThat((double) ScalarMatrixKernels.exp(x)).isCloseTo(exact, within(2 * (double) Math.ulp((float) exact)));
    }
}
