package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;

/**
 * How much of a delta quantised factors of each rank keep. With {@code b} and {@code a} as they will be stored, the error
 * falls by {@code 2 <D, b a> - |b a|^2}; both terms come from small products, so that D is read once per number of bits
 * whatever the number of ranks.
 */
final class LowRankTrial {
    private final LowRankFactors factors;
    private final DeltaMatrix delta;
    private final Dtype scaleType;
    private final Workers workers;

    LowRankTrial(Tensor base, Tensor finetuned, LowRankFactors factors, Dtype scaleType, Workers workers) {
        this.factors = factors;
        this.scaleType = scaleType;
        this.delta = new DeltaMatrix(base, finetuned);
        this.workers = workers;
    }

    /**
     * By how much each rank lowers the squared error.
     *
     * @param bits planes of either factor
     * @return element r - 1 is that of rank r; not a number where a scale would be over the bound
     */
    double[] kept(int bits) {
        int width = factors.rank();
        double[] a = factors.a().clone();
        boolean aFits = quantise(a, width, factors.columns(), bits);
        double[] transposed = new double[a.length];
        for (int k = 0; k < width; k++) {
            for (int column = 0; column < factors.columns(); column++) {
                transposed[column * width + k] = a[k * factors.columns() + column];
            }
        }
        double[] along = delta.times(transposed, width, workers);
        double[][] gramA = LowRankFactors.gram(transposed, width);
        double[] kept = new double[width];
        for (int rank = 1; rank <= width; rank++) {
            kept[rank - 1] = aFits ? kept(rank, bits, along, gramA) : Double.NaN;
        }
        return kept;
    }

    private double kept(int rank, int bits, double[] along, double[][] gramA) {
        int width = factors.rank();
        double[] b = prefix(factors.b(), factors.rows(), width, rank);
        if (!quantise(b, factors.rows(), rank, bits)) {
            return Double.NaN;
        }
        double product = 0;
        for (int row = 0; row < factors.rows(); row++) {
            for (int k = 0; k < rank; k++) {
                product += b[row * rank + k] * along[row * width + k];
            }
        }
        double[][] gramB = LowRankFactors.gram(b, rank);
        double square = 0;
        for (int i = 0; i < rank; i++) {
            for (int j = 0; j < rank; j++) {
                square += gramA[i][j] * gramB[i][j];
            }
        }
        return 2 * product - square;
    }

    /** The first {@code rank} columns. */
    static double[] prefix(double[] matrix, int rows, int width, int rank) {
        double[] prefix = new double[rows * rank];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(matrix, row * width, prefix, row * rank, rank);
        }
        return prefix;
    }

    /** To what planes with a scale per row store; whether all scales are within the bound. */
    private boolean quantise(double[] matrix, int rows, int columns, int bits) {
        float[] residual = new float[columns];
        for (int row = 0; row < rows; row++) {
            int at = row * columns;
            for (int i = 0; i < columns; i++) {
                residual[i] = (float) matrix[at + i];
                matrix[at + i] = 0;
            }
            for (int plane = 0; plane < bits; plane++) {
                double sum = 0;
                for (float value : residual) {
                    sum += Math.abs(value);
                }
                float scale = ScaleCodec.rounded(scaleType, sum / columns);
                if (!(scale <= DeltaFile.MAX_SCALE)) {
                    return false;
                }
                for (int i = 0; i < columns; i++) {
                    float change = residual[i] < 0 ? -scale : scale;
                    matrix[at + i] += change;
                    residual[i] -= change;
                }
            }
        }
        return true;
    }
}
