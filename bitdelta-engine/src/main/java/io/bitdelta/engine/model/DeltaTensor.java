package io.bitdelta.engine.model;

/** What a delta does to one matrix of the base. */
sealed interface DeltaTensor {
    /**
     * The fine-tune's own matrix instead of the base's.
     *
     * @param matrix of the same shape
     */
    record Replaced(WeightMatrix matrix) implements DeltaTensor {}

    /**
     * Signs and scales on top of the base.
     *
     * @param matrix of the same shape
     */
    record Signed(SignMatrix matrix) implements DeltaTensor {}

    /** {@code b . a} on top of the base. */
    final class LowRank implements DeltaTensor {
        private final float[] a;
        private final float[] b;
        private final int rank;

        /**
         * Factors, which are kept.
         *
         * @param a [rank, columns], row-major
         * @param b [rows, rank], row-major
         * @param rank at least 1
         */
        LowRank(float[] a, float[] b, int rank) {
            this.a = a;
            this.b = b;
            this.rank = rank;
        }

        /** {@code a x}. */
        float[] inner(float[] x, int at) {
            int columns = a.length / rank;
            float[] inner = new float[rank];
            for (int k = 0; k < rank; k++) {
                double sum = 0;
                for (int column = 0; column < columns; column++) {
                    sum += (double) a[k * columns + column] * x[at + column];
                }
                inner[k] = (float) sum;
            }
            return inner;
        }

        /** Adds {@code b inner} of some rows. */
        void addProduct(float[] inner, int first, int count, float[] y, int yAt) {
            for (int i = 0; i < count; i++) {
                float sum = 0;
                for (int k = 0; k < rank; k++) {
                    sum = Math.fma(b[(first + i) * rank + k], inner[k], sum);
                }
                y[yAt + i] += sum;
            }
        }

        /** Adds a whole row. */
        void addRow(int row, float[] tile, int at) {
            int columns = a.length / rank;
            for (int k = 0; k < rank; k++) {
                float factor = b[row * rank + k];
                for (int column = 0; column < columns; column++) {
                    tile[at + column] = Math.fma(factor, a[k * columns + column], tile[at + column]);
                }
            }
        }
    }
}
