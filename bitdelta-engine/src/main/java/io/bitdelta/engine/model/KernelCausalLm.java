package io.bitdelta.engine.model;

import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.kernel.MatrixKernels;
import io.bitdelta.engine.work.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass on our own kernels over mapped weights: one sequence at once, or one token of many sequences, each
 * with a delta of its own. Safe for use by several threads as long as they share no {@link KvCache}.
 */
public final class KernelCausalLm implements CausalLm {
    /** How activations meet the signs of a delta. */
    public enum SignActivations {
        /** In binary32. */
        EXACT,
        /** Rounded to 8 bits per token, where scales are per tensor or row and a batch has few tokens: faster. */
        INT8
    }

    /** Tokens of one pass: their packed activations fit the second-level cache. */
    private static final int CHUNK = 128;

    private final ModelWeights weights;
    private final ModelConfig config;
    private final @Nullable DeltaWeights delta;
    private final MatrixKernels kernels = KernelProvider.matrices();
    private final Products products;
    private final AttentionPass attention;
    private final Map<String, WeightMatrix> matrices = new HashMap<>();
    private final Map<String, float[]> vectors = new HashMap<>();

    /**
     * A model.
     *
     * @param weights stay open while it is used
     * @param delta what {@link #forward} adds to them; null for the base
     * @param workers threads to compute on
     * @param activations how activations meet the signs of deltas
     */
    public KernelCausalLm(
            ModelWeights weights, @Nullable DeltaWeights delta, Workers workers, SignActivations activations) {
        this.weights = weights;
        this.config = weights.config();
        this.delta = delta;
        this.products = new Products(kernels, workers, activations == SignActivations.INT8);
        this.attention = new AttentionPass(config, kernels, workers);
        TensorNames.all(config).forEach((name, shape) -> {
            if (shape.rank() == 1) {
                vectors.put(name, DeltaWeights.vector(weights.tensor(name)));
            } else {
                matrices.put(name, WeightMatrix.of(weights.tensor(name)));
            }
        });
    }

    /** As above, with exact activations. */
    public KernelCausalLm(ModelWeights weights, @Nullable DeltaWeights delta, Workers workers) {
        this(weights, delta, workers, SignActivations.EXACT);
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public void forward(int[] tokens, LogitVisitor visitor) {
        CausalLm.check(config, tokens);
        try (KvCache cache = new KvCache(config)) {
            for (int from = 0; from < tokens.length; from += CHUNK) {
                List<TokenRow> rows = rows(tokens, from, Math.min(tokens.length, from + CHUNK), cache, delta);
                float[] hidden = pass(rows);
                for (int row = 0; row < rows.size(); row += Products.MANY) {
                    int end = Math.min(rows.size(), row + Products.MANY);
                    float[] logits = head(hidden, row, rows.subList(row, end));
                    float[] one = new float[config.vocabulary()];
                    for (int i = row; i < end; i++) {
                        System.arraycopy(logits, (i - row) * one.length, one, 0, one.length);
                        visitor.visit(from + i, one);
                    }
                }
            }
        }
    }

    private static List<TokenRow> rows(int[] tokens, int from, int end, KvCache cache, @Nullable DeltaWeights delta) {
        List<TokenRow> rows = new ArrayList<>(end - from);
        for (int i = from; i < end; i++) {
            rows.add(new TokenRow(tokens[i], cache, delta));
        }
        return rows;
    }

    /**
     * Appends tokens to a sequence.
     *
     * @param delta whose model it is; null for the base
     * @return the logits after the last token
     * @throws ContextExceededException if the sequence gets longer than the context
     * @throws TokenRangeException if a token is not in the vocabulary
     */
    public float[] prefill(int[] tokens, KvCache cache, @Nullable DeltaWeights delta) {
        if (cache.length() + (long) tokens.length > config.context()) {
            throw new ContextExceededException(cache.length() + (long) tokens.length, config.context());
        }
        CausalLm.check(config, tokens);
        float[] hidden = {};
        List<TokenRow> rows = List.of();
        for (int from = 0; from < tokens.length; from += CHUNK) {
            rows = rows(tokens, from, Math.min(tokens.length, from + CHUNK), cache, delta);
            hidden = pass(rows);
        }
        int last = rows.size() - 1;
        return head(hidden, last, rows.subList(last, last + 1));
    }

    /**
     * Appends one token, or consecutive ones, to each of several sequences: the base's weights are read once for all.
     *
     * @return the logits after each row: [rows][vocabulary]
     * @throws ContextExceededException if a sequence gets longer than the context
     * @throws TokenRangeException if a token is not in the vocabulary
     */
    public float[][] step(List<TokenRow> rows) {
        CausalLm.check(config, rows.stream().mapToInt(TokenRow::token).toArray());
        float[] logits = head(pass(rows), 0, rows);
        float[][] each = new float[rows.size()][config.vocabulary()];
        for (int row = 0; row < each.length; row++) {
            System.arraycopy(logits, row * config.vocabulary(), each[row], 0, config.vocabulary());
        }
        return each;
    }

    /** All layers; returns the residual stream: [rows, hidden]. */
    private float[] pass(List<TokenRow> rows) {
        int hidden = config.hidden();
        int[] positions = positions(rows);
        float[] stream = embed(rows);
        float[] normed = new float[stream.length];
        float[] mixed = new float[rows.size() * config.attention().queryWidth()];
        float[] query = new float[mixed.length];
        float[] key = new float[rows.size() * config.attention().keyWidth()];
        float[] value = new float[key.length];
        float[] gate = new float[rows.size() * config.intermediate()];
        float[] up = new float[gate.length];
        float[] out = new float[stream.length];
        float[] angles = attention.angles(positions);
        for (int layer = 0; layer < config.layers(); layer++) {
            norm(TensorNames.attentionNorm(layer), stream, rows, hidden, normed);
            project(
                    layer,
                    normed,
                    rows,
                    List.of(Projection.QUERY, Projection.KEY, Projection.VALUE),
                    query,
                    key,
                    value);
            if (config.attention().normalised()) {
                norm(
                        TensorNames.queryNorm(layer),
                        query,
                        rows,
                        config.attention().headDim(),
                        query);
                norm(TensorNames.keyNorm(layer), key, rows, config.attention().headDim(), key);
            }
            attention.run(layer, rows, positions, angles, query, key, value, mixed);
            project(layer, mixed, rows, List.of(Projection.OUTPUT), out);
            kernels.addScaled(1, out, 0, out.length, stream, 0);
            norm(TensorNames.mlpNorm(layer), stream, rows, hidden, normed);
            project(layer, normed, rows, List.of(Projection.GATE, Projection.UP), gate, up);
            kernels.siluTimes(gate, 0, up, 0, gate.length);
            project(layer, gate, rows, List.of(Projection.DOWN), out);
            kernels.addScaled(1, out, 0, out.length, stream, 0);
        }
        for (TokenRow row : rows) {
            row.cache().advance(1);
        }
        return stream;
    }

    /** Reserves room for every row; a row's position is its cache's length plus the rows before it that share it. */
    private static int[] positions(List<TokenRow> rows) {
        Map<KvCache, Integer> counts = new HashMap<>();
        int[] positions = new int[rows.size()];
        for (int i = 0; i < positions.length; i++) {
            KvCache cache = rows.get(i).cache();
            int before = counts.merge(cache, 1, Integer::sum) - 1;
            positions[i] = cache.length() + before;
        }
        counts.forEach(KvCache::reserve);
        return positions;
    }

    private float[] embed(List<TokenRow> rows) {
        int hidden = config.hidden();
        float[] stream = new float[rows.size() * hidden];
        WeightMatrix base = matrix(TensorNames.EMBEDDING);
        for (int i = 0; i < rows.size(); i++) {
            TokenRow row = rows.get(i);
            DeltaTensor change = row.delta() == null ? null : row.delta().matrix(TensorNames.EMBEDDING);
            WeightMatrix matrix = change instanceof DeltaTensor.Replaced replaced ? replaced.matrix() : base;
            kernels.widen(matrix.type(), matrix.data(), row.token() * matrix.rowBytes(), hidden, stream, i * hidden);
            switch (change) {
                case DeltaTensor.Signed signed -> signed.matrix().addRow(kernels, row.token(), stream, i * hidden);
                case DeltaTensor.LowRank lowRank -> lowRank.addRow(row.token(), stream, i * hidden);
                case DeltaTensor.Replaced replaced -> {}
                case null -> {}
            }
        }
        return stream;
    }

    private WeightMatrix matrix(String name) {
        WeightMatrix matrix = matrices.get(name);
        if (matrix == null) {
            throw new IllegalArgumentException(weights.checkpoint().path() + " has no tensor " + name);
        }
        return matrix;
    }

    private float[] vector(String name, TokenRow row) {
        float[] own = row.delta() == null ? null : row.delta().vector(name);
        float[] base = vectors.get(name);
        if (own != null) {
            return own;
        }
        if (base == null) {
            throw new IllegalArgumentException(weights.checkpoint().path() + " has no tensor " + name);
        }
        return base;
    }

    /** RMSNorm of runs of {@code width}, each row with its own delta's weight. */
    private void norm(String name, float[] x, List<TokenRow> rows, int width, float[] y) {
        int perRow = x.length / rows.size();
        for (int i = 0; i < rows.size(); i++) {
            float[] weight = vector(name, rows.get(i));
            for (int at = i * perRow; at < (i + 1) * perRow; at += width) {
                kernels.rmsNorm(x, at, width, weight, (float) config.normEpsilon(), y, at);
            }
        }
    }

    private void project(int layer, float[] x, List<TokenRow> rows, List<Projection> projections, float[]... outputs) {
        List<Products.Job> jobs = new ArrayList<>(projections.size());
        for (int i = 0; i < outputs.length; i++) {
            String name = TensorNames.weight(layer, projections.get(i));
            jobs.add(new Products.Job(matrix(name), name, outputs[i]));
        }
        products.run(jobs, x, rows);
        for (int i = 0; i < outputs.length; i++) {
            if (projections.get(i).biased(config)) {
                String name = TensorNames.bias(layer, projections.get(i));
                int width = projections.get(i).rows(config);
                for (int row = 0; row < rows.size(); row++) {
                    kernels.addScaled(1, vector(name, rows.get(row)), 0, width, outputs[i], row * width);
                }
            }
        }
    }

    /** Final norm and output head of consecutive rows of the stream: [rows, vocabulary]. */
    private float[] head(float[] stream, int first, List<TokenRow> rows) {
        int hidden = config.hidden();
        float[] normed = new float[rows.size() * hidden];
        System.arraycopy(stream, first * hidden, normed, 0, normed.length);
        norm(TensorNames.FINAL_NORM, normed, rows, hidden, normed);
        String name = TensorNames.head(config);
        float[] logits = new float[Math.multiplyExact(rows.size(), config.vocabulary())];
        products.run(List.of(new Products.Job(matrix(name), name, logits)), normed, rows);
        return logits;
    }
}
