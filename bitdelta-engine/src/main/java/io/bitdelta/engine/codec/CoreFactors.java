package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;

/**
 * A core together with its basis as a pair of dense factors: the change of the weights is {@code b . a}. The core is
 * multiplied into the output side, in binary32, products added in ascending order.
 */
public final class CoreFactors {
    private final int rank;
    private final float[] b;
    private final float[] a;

    /** Keeps the arrays as they are. */
    public CoreFactors(int rank, float[] b, float[] a) {
        this.rank = rank;
        this.b = b;
        this.a = a;
    }

    /** Columns of b, rows of a. */
    public int rank() {
        return rank;
    }

    /** [rows, rank], row-major. */
    public float[] b() {
        return b;
    }

    /** [rank, columns], row-major. */
    public float[] a() {
        return a;
    }

    /**
     * The factors of a stored core.
     *
     * @param base the tensor of that name in the delta's base
     * @throws MalformedDeltaException if the basis that the base gives is not the one that the delta names
     */
    public static CoreFactors of(DeltaFile delta, LayoutEntry.Core core, Tensor base, Workers workers) {
        CoreBasis basis = CoreBasis.of(base, core.rank(), workers);
        if (!basis.id().equals(core.basis())) {
            throw new MalformedDeltaException(
                    delta.path(),
                    "tensor %s has a core over basis %s, its base gives %s"
                            .formatted(core.name(), core.basis(), basis.id()));
        }
        return of(basis, delta.core(core));
    }

    /**
     * The factors of a core.
     *
     * @param core [rank, rank], row-major
     */
    public static CoreFactors of(CoreBasis basis, float[] core) {
        int rank = basis.rank();
        float[] b = new float[basis.b().length];
        for (int row = 0; row < b.length / rank; row++) {
            for (int i = 0; i < rank; i++) {
                float factor = basis.b()[row * rank + i];
                for (int j = 0; j < rank; j++) {
                    b[row * rank + j] += factor * core[i * rank + j];
                }
            }
        }
        return new CoreFactors(rank, b, basis.a());
    }
}
