package io.bitdelta.engine.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.bitdelta.engine.model.ModelConfig;
import io.bitdelta.engine.model.Projection;

/**
 * What PyTorch needs for a prompt on the same threads: the matrix products of every layer in binary32, each measured on
 * its own and summed. Attention, norms and the head are not counted, which favours PyTorch.
 */
final class PrefillBaseline {
    private static final String PYTORCH = "PyTorch";
    private static final int ROUNDS = 3;

    private PrefillBaseline() {}

    /** Tokens per second; NaN where PyTorch is not installed. */
    static double tokensPerSecond(ModelConfig config, int tokens, int threads) {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(threads));
        if (!Engine.hasEngine(PYTORCH)) {
            return Double.NaN;
        }
        double seconds = 0;
        try (NDManager manager = Engine.getEngine(PYTORCH).newBaseManager()) {
            for (Projection projection : Projection.values()) {
                seconds += seconds(manager, tokens, projection.rows(config), projection.columns(config));
            }
        }
        return tokens / (seconds * config.layers());
    }

    private static double seconds(NDManager parent, int tokens, int rows, int columns) {
        double best = Double.MAX_VALUE;
        try (NDManager manager = parent.newSubManager()) {
            NDArray weights = manager.randomUniform(-0.01f, 0.01f, new Shape(rows, columns), DataType.FLOAT32);
            NDArray transposed = weights.transpose();
            NDArray input = manager.randomUniform(-1f, 1f, new Shape(tokens, columns), DataType.FLOAT32);
            float sink = 0;
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                try (NDArray product = input.matMul(transposed)) {
                    sink += product.getFloat(0, 0);
                }
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
            }
            if (Float.isNaN(sink)) {
                throw new IllegalStateException("a product of finite numbers is not a number");
            }
        }
        return best;
    }
}
