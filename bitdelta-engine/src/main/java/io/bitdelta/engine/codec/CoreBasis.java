package io.bitdelta.engine.codec;

import io.bitdelta.engine.commit.Sha256;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The frozen directions of a tier-P core: recipe {@code svd1} of FORMAT-CORE.md. The leading singular directions of a base
 * tensor, found as {@link LowRankFactors} finds those of a delta (binary64, an order that the shape fixes), each with its
 * sign chosen so that the element of largest magnitude on the input side is positive, rounded to binary32.
 */
public final class CoreBasis {
    private final String name;
    private final int rank;
    private final float[] b;
    private final float[] a;

    /** Keeps the arrays as they are. */
    public CoreBasis(String name, int rank, float[] b, float[] a) {
        this.name = name;
        this.rank = rank;
        this.b = b;
        this.a = a;
    }

    /** The base's tensor. */
    public String name() {
        return name;
    }

    /** Directions. */
    public int rank() {
        return rank;
    }

    /** Output side, [rows, rank], row-major: left vectors times the roots of their singular values. */
    public float[] b() {
        return b;
    }

    /** Input side, [rank, columns], row-major: right vectors times the roots of their singular values. */
    public float[] a() {
        return a;
    }

    /** The highest rank: the width of the range finder. */
    public static final int MAX_RANK = LowRankFactors.WIDTH;

    private static final String RECIPE = "svd1";
    private static final int HASH_DIGITS = 16;

    /**
     * Computes a basis.
     *
     * @param base a matrix of finite numbers
     * @param rank 1 to {@link #MAX_RANK}
     * @throws RankTooHighException if the matrix has fewer directions
     * @throws NonFiniteWeightException if it holds NaN or infinity
     */
    public static CoreBasis of(Tensor base, int rank, Workers workers) {
        FiniteWeights.check(base);
        LowRankFactors factors;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment zeros = arena.allocate(base.shape().count() * Float.BYTES, 64);
            Tensor nothing = new Tensor(base.name(), Dtype.F32, base.shape(), zeros, base.file(), 0);
            factors = LowRankFactors.of(nothing, base, workers);
        }
        if (rank > factors.rank()) {
            throw new RankTooHighException(base.name(), rank, factors.rank());
        }
        int columns = factors.columns();
        float[] b = new float[factors.rows() * rank];
        float[] a = new float[rank * columns];
        for (int k = 0; k < rank; k++) {
            double largest = 0;
            for (int column = 0; column < columns; column++) {
                double value = factors.a()[k * columns + column];
                largest = Math.abs(value) > Math.abs(largest) ? value : largest;
            }
            double sign = largest < 0 ? -1 : 1;
            for (int column = 0; column < columns; column++) {
                a[k * columns + column] = (float) (sign * factors.a()[k * columns + column]);
            }
            for (int row = 0; row < factors.rows(); row++) {
                b[row * rank + k] = (float) (sign * factors.b()[row * factors.rank() + k]);
            }
        }
        return new CoreBasis(base.name(), rank, b, a);
    }

    /** {@code svd1:0x} and the first 8 bytes of SHA-256 over both sides, as little-endian binary32, b first. */
    public String id() {
        Sha256 hash = new Sha256();
        for (float[] side : new float[][] {b, a}) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment bytes = arena.allocate((long) side.length * Float.BYTES, 4);
                MemorySegment.copy(side, 0, bytes, ValueLayout.JAVA_FLOAT, 0, side.length);
                hash.update(bytes);
            }
        }
        return RECIPE + ":" + hash.finish().hex().substring(0, 2 + HASH_DIGITS);
    }
}
