package io.bitdelta.engine.model;

import io.bitdelta.engine.kernel.MatrixKernels;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.work.Workers;
import java.util.List;

/** Rotation, caching and causal attention of a batch; one task per row and key head. */
final class AttentionPass {
    /** Multiplications below which another thread costs more than it saves. */
    private static final long SMALL = 1 << 18;

    private final ModelConfig config;
    private final Attention shape;
    private final MatrixKernels kernels;
    private final Workers workers;
    private final double[] frequencies;
    private final float scale;

    AttentionPass(ModelConfig config, MatrixKernels kernels, Workers workers) {
        this.config = config;
        this.shape = config.attention();
        this.kernels = kernels;
        this.workers = workers;
        this.frequencies = config.rope().frequencies(shape.headDim());
        this.scale = (float) (1 / Math.sqrt(shape.headDim()));
    }

    /** Cosines and sines of each row's position: [rows, headDim], the first half of a row cosines. */
    float[] angles(int[] positions) {
        int half = frequencies.length;
        float[] angles = new float[positions.length * 2 * half];
        for (int row = 0; row < positions.length; row++) {
            for (int i = 0; i < half; i++) {
                double angle = positions[row] * frequencies[i];
                angles[row * 2 * half + i] = (float) Math.cos(angle);
                angles[row * 2 * half + half + i] = (float) Math.sin(angle);
            }
        }
        return angles;
    }

    /**
     * Mixes values.
     *
     * @param query [rows, heads * headDim], rotated in place
     * @param key [rows, kvHeads * headDim], rotated in place
     * @param value as key
     * @param mixed as query
     */
    void run(
            int layer,
            List<TokenRow> rows,
            int[] positions,
            float[] angles,
            float[] query,
            float[] key,
            float[] value,
            float[] mixed) {
        int keyWidth = shape.keyWidth();
        long work = 0;
        for (int row = 0; row < rows.size(); row++) {
            rotate(query, row * shape.queryWidth(), shape.heads(), angles, row);
            rotate(key, row * keyWidth, shape.kvHeads(), angles, row);
            rows.get(row).cache().put(layer, positions[row], key, row * keyWidth, value, row * keyWidth);
            int seen = positions[row] - shape.firstSeen(layer, positions[row]) + 1;
            work += (long) seen * shape.queryWidth() * 2;
        }
        int tasks = rows.size() * shape.kvHeads();
        if (work < SMALL) {
            for (int task = 0; task < tasks; task++) {
                mix(layer, rows, positions, task, query, mixed);
            }
        } else {
            workers.forEach(tasks, task -> mix(layer, rows, positions, task, query, mixed));
        }
    }

    private void rotate(float[] x, int at, int heads, float[] angles, int row) {
        int half = frequencies.length;
        int cosines = row * 2 * half;
        int sines = cosines + half;
        for (int head = 0; head < heads; head++) {
            int low = at + head * 2 * half;
            int high = low + half;
            for (int i = 0; i < half; i++) {
                float a = x[low + i];
                float b = x[high + i];
                x[low + i] = a * angles[cosines + i] - b * angles[sines + i];
                x[high + i] = b * angles[cosines + i] + a * angles[sines + i];
            }
        }
    }

    private void mix(int layer, List<TokenRow> rows, int[] positions, int task, float[] query, float[] mixed) {
        int row = task / shape.kvHeads();
        int keyHead = task % shape.kvHeads();
        int headDim = shape.headDim();
        int first = shape.firstSeen(layer, positions[row]);
        int seen = positions[row] - first + 1;
        KvCache cache = rows.get(row).cache();
        long from = cache.at(layer, keyHead, first);
        long rowBytes = (long) headDim * Float.BYTES;
        int group = shape.heads() / shape.kvHeads();
        float[] scores = new float[seen];
        for (int head = keyHead * group; head < (keyHead + 1) * group; head++) {
            int at = row * config.attention().queryWidth() + head * headDim;
            kernels.dot(Dtype.F32, cache.keys(), from, rowBytes, seen, headDim, query, at, 0, 1, scores, 0, 0);
            kernels.softmax(scores, 0, seen, scale);
            kernels.weightedRows(cache.values(), from, seen, headDim, scores, mixed, at);
        }
    }
}
