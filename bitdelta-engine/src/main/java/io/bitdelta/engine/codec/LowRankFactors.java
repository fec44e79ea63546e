package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.util.Arrays;

/**
 * The leading singular directions of a tensor's delta, by the randomised range finder with power iterations (Halko,
 * Martinsson and Tropp, arXiv 0909.4061, algorithms 4.4 and 5.1): a start of signs from a fixed generator, {@value
 * #POWER_ITERATIONS} times through {@code D D'}, an orthonormal basis, and the decomposition of the small matrix that is
 * left. Everything is binary64 in an order that the shape fixes, and the basis always has the same width whatever rank is
 * stored, so that everybody who has the weights gets the same factors, bit for bit.
 *
 * <p>The singular values go half into either factor: {@code D ~ b a} with row k of a and column k of b belonging to the
 * k-th largest, so that a lower rank is a prefix.
 */
final class LowRankFactors {
    /** The most directions that are looked for, and so the highest rank that weights give. */
    static final int WIDTH = 32;

    private static final int POWER_ITERATIONS = 2;
    private static final long SEED = 0x62697464656C7461L;
    /** Directions this much weaker than the strongest are rounding errors. */
    private static final double NEGLIGIBLE = 1e-12;

    private final int rows;
    private final int columns;
    private final int rank;
    private final double[] b;
    private final double[] a;

    private LowRankFactors(int rows, int columns, int rank, double[] b, double[] a) {
        this.rows = rows;
        this.columns = columns;
        this.rank = rank;
        this.b = b;
        this.a = a;
    }

    /** Rows of the delta. */
    int rows() {
        return rows;
    }

    /** Columns of the delta. */
    int columns() {
        return columns;
    }

    /** Directions found, at most {@link #WIDTH}. */
    int rank() {
        return rank;
    }

    /** [rows, rank], row-major; not to be changed. */
    double[] b() {
        return b;
    }

    /** [rank, columns], row-major; not to be changed. */
    double[] a() {
        return a;
    }

    /** Decomposes the delta of a pair of matrices of one shape, finite and with at least one row and column. */
    static LowRankFactors of(Tensor base, Tensor finetuned, Workers workers) {
        DeltaMatrix delta = new DeltaMatrix(base, finetuned);
        int width = Math.min(WIDTH, Math.min(delta.rows(), delta.columns()));
        double[] basis = delta.times(signs(delta.columns() * width), width, workers);
        orthonormalise(basis, width);
        for (int i = 0; i < POWER_ITERATIONS; i++) {
            double[] back = delta.transposedTimes(basis, width, workers);
            orthonormalise(back, width);
            basis = delta.times(back, width, workers);
            orthonormalise(basis, width);
        }
        return split(delta, basis, delta.transposedTimes(basis, width, workers), width);
    }

    /** {@code D ~ q c'} with orthonormal q: the eigenvectors of {@code c' c} turn both into singular directions. */
    private static LowRankFactors split(DeltaMatrix delta, double[] q, double[] c, int width) {
        SmallEigen eigen = SmallEigen.of(gram(c, width));
        int rank = 0;
        while (rank < width && eigen.values()[rank] > NEGLIGIBLE * eigen.values()[0]) {
            rank++;
        }
        double[] b = new double[delta.rows() * rank];
        double[] a = new double[rank * delta.columns()];
        for (int k = 0; k < rank; k++) {
            double half = Math.sqrt(Math.sqrt(eigen.values()[k]));
            double[] turn = eigen.vectors()[k];
            for (int row = 0; row < delta.rows(); row++) {
                b[row * rank + k] = half * dot(turn, q, row * width);
            }
            for (int column = 0; column < delta.columns(); column++) {
                a[k * delta.columns() + column] = dot(turn, c, column * width) / half;
            }
        }
        return new LowRankFactors(delta.rows(), delta.columns(), rank, b, a);
    }

    private static double dot(double[] vector, double[] matrix, int at) {
        double sum = 0;
        for (int i = 0; i < vector.length; i++) {
            sum += vector[i] * matrix[at + i];
        }
        return sum;
    }

    /** {@code x' x} of a matrix with rows of {@code width}. */
    static double[][] gram(double[] x, int width) {
        double[][] gram = new double[width][width];
        for (int at = 0; at < x.length; at += width) {
            for (int i = 0; i < width; i++) {
                double factor = x[at + i];
                for (int j = 0; j < width; j++) {
                    gram[i][j] += factor * x[at + j];
                }
            }
        }
        return gram;
    }

    /** SplitMix64 (Steele, Lea and Flood 2014), one sign per output bit. */
    private static double[] signs(int count) {
        double[] signs = new double[count];
        long state = SEED;
        long bits = 0;
        for (int i = 0; i < count; i++) {
            if ((i & 63) == 0) {
                state += 0x9E3779B97F4A7C15L;
                long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
                z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
                bits = z ^ (z >>> 31);
            }
            signs[i] = (bits & 1) == 0 ? -1 : 1;
            bits >>>= 1;
        }
        return signs;
    }

    /** Gram-Schmidt, twice ("twice is enough", Giraud et al. 2005); a column that vanishes stays zero. */
    private static void orthonormalise(double[] x, int width) {
        double[] along = new double[width];
        for (int k = 0; k < width; k++) {
            double before = Math.sqrt(square(x, width, k));
            for (int pass = 0; pass < 2; pass++) {
                Arrays.fill(along, 0);
                for (int at = 0; at < x.length; at += width) {
                    double value = x[at + k];
                    for (int j = 0; j < k; j++) {
                        along[j] += value * x[at + j];
                    }
                }
                for (int at = 0; at < x.length; at += width) {
                    double projected = 0;
                    for (int j = 0; j < k; j++) {
                        projected += along[j] * x[at + j];
                    }
                    x[at + k] -= projected;
                }
            }
            double norm = Math.sqrt(square(x, width, k));
            double factor = norm > NEGLIGIBLE * before ? 1 / norm : 0;
            for (int at = 0; at < x.length; at += width) {
                x[at + k] *= factor;
            }
        }
    }

    private static double square(double[] x, int width, int k) {
        double sum = 0;
        for (int at = k; at < x.length; at += width) {
            sum += x[at] * x[at];
        }
        return sum;
    }
}
