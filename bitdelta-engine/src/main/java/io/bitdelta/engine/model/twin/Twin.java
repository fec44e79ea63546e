package io.bitdelta.engine.model.twin;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import io.bitdelta.engine.model.Attention;
import io.bitdelta.engine.model.ModelConfig;
import io.bitdelta.engine.model.Projection;
import io.bitdelta.engine.model.TensorNames;
import io.bitdelta.engine.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;

/** The forward pass of the Llama and Qwen families in operations that can be differentiated. */
public final class Twin {
    private final ModelConfig config;
    private final Arena arena;
    private final Map<Integer, Tables> tables = new HashMap<>();

    private record Tables(FloatBlock cos, FloatBlock sin, FloatBlock all, FloatBlock windowed) {}

    /**
     * A twin.
     *
     * @param arena owns its constants
     */
    public Twin(ModelConfig config, Arena arena) {
        this.config = config;
        this.arena = arena;
    }

    /** The model's shape. */
    public ModelConfig config() {
        return config;
    }

    /**
     * The logits after each token.
     *
     * @param tokens sequences of one length, at most the model's context
     * @return [sequences, length, vocabulary]
     */
    public NDArray logits(Step step, TwinWeights weights, int[][] tokens) {
        int length = tokens[0].length;
        long[] flat = new long[tokens.length * length];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = tokens[i / length][i % length];
        }
        NDArray ids = step.integers(flat, tokens.length, length);
        NDArray hidden = Embedding.embedding(ids, weights.weight(TensorNames.EMBEDDING), SparseFormat.DENSE)
                .singletonOrThrow();
        Tables known = tables.computeIfAbsent(length, this::tables);
        for (int layer = 0; layer < config.layers(); layer++) {
            hidden = hidden.add(attention(
                    step, weights, layer, known, norm(step, weights, hidden, TensorNames.attentionNorm(layer))));
            hidden = hidden.add(mlp(weights, layer, norm(step, weights, hidden, TensorNames.mlpNorm(layer))));
        }
        return weights.project(norm(step, weights, hidden, TensorNames.FINAL_NORM), TensorNames.head(config));
    }

    private NDArray norm(Step step, TwinWeights weights, NDArray x, String name) {
        NDArray meanSquare = x.mul(x).mean(new int[] {-1}, true);
        return x.div(meanSquare.add(step.scalar((float) config.normEpsilon())).sqrt())
                .mul(weights.weight(name));
    }

    private NDArray attention(Step step, TwinWeights weights, int layer, Tables known, NDArray x) {
        Attention shape = config.attention();
        long batch = x.getShape().get(0);
        long length = x.getShape().get(1);
        int groups = shape.heads() / shape.kvHeads();
        NDArray queries =
                project(weights, layer, Projection.QUERY, x).reshape(batch, length, shape.heads(), shape.headDim());
        NDArray keys =
                project(weights, layer, Projection.KEY, x).reshape(batch, length, shape.kvHeads(), shape.headDim());
        NDArray values =
                project(weights, layer, Projection.VALUE, x).reshape(batch, length, shape.kvHeads(), shape.headDim());
        if (shape.normalised()) {
            queries = norm(step, weights, queries, TensorNames.queryNorm(layer));
            keys = norm(step, weights, keys, TensorNames.keyNorm(layer));
        }
        NDArray cos = step.constant(known.cos());
        NDArray sin = step.constant(known.sin());
        // Query heads of one group share a key head: [batch, kvHeads, groups * length, headDim] keeps products dense.
        queries = rotate(queries.transpose(0, 2, 1, 3), cos, sin)
                .reshape(batch, shape.kvHeads(), (long) groups * length, shape.headDim());
        keys = rotate(keys.transpose(0, 2, 1, 3), cos, sin);
        values = values.transpose(0, 2, 1, 3);
        NDArray mask = step.constant(shape.firstSeen(layer, config.context()) > 0 ? known.windowed() : known.all());
        NDArray scores = queries.matMul(keys.transpose(0, 1, 3, 2))
                .mul(step.scalar((float) (1 / Math.sqrt(shape.headDim()))))
                .reshape(batch, shape.heads(), length, length)
                .add(mask)
                .softmax(-1)
                .reshape(batch, shape.kvHeads(), (long) groups * length, length);
        NDArray mixed = scores.matMul(values)
                .reshape(batch, shape.heads(), length, shape.headDim())
                .transpose(0, 2, 1, 3)
                .reshape(batch, length, shape.queryWidth());
        return project(weights, layer, Projection.OUTPUT, mixed);
    }

    private NDArray mlp(TwinWeights weights, int layer, NDArray x) {
        NDArray gate = project(weights, layer, Projection.GATE, x);
        NDArray up = project(weights, layer, Projection.UP, x);
        return project(
                weights,
                layer,
                Projection.DOWN,
                gate.mul(Activation.sigmoid(gate)).mul(up));
    }

    private NDArray project(TwinWeights weights, int layer, Projection projection, NDArray x) {
        NDArray product = weights.project(x, TensorNames.weight(layer, projection));
        return projection.biased(config) ? product.add(weights.weight(TensorNames.bias(layer, projection))) : product;
    }

    /** x cos + (-second half, first half) sin; {@code sin} carries the minus for the first half. */
    private static NDArray rotate(NDArray x, NDArray cos, NDArray sin) {
        NDList halves = x.split(2, 3);
        NDArray swapped = NDArrays.concat(new NDList(halves.get(1), halves.get(0)), 3);
        return x.mul(cos).add(swapped.mul(sin));
    }

    private Tables tables(int length) {
        int dim = config.attention().headDim();
        double[] frequencies = config.rope().frequencies(dim);
        float[] cos = new float[length * dim];
        float[] sin = new float[length * dim];
        for (int position = 0; position < length; position++) {
            for (int i = 0; i < dim; i++) {
                double angle = position * frequencies[i % (dim / 2)];
                cos[position * dim + i] = (float) Math.cos(angle);
                sin[position * dim + i] = (float) (i < dim / 2 ? -Math.sin(angle) : Math.sin(angle));
            }
        }
        Shape angles = Shape.of(length, dim);
        return new Tables(
                FloatBlock.of("cos", angles, cos, arena),
                FloatBlock.of("sin", angles, sin, arena),
                mask("all", length, 0),
                mask("windowed", length, config.attention().firstWindowed()));
    }

    private FloatBlock mask(String name, int length, int layer) {
        float[] mask = new float[length * length];
        for (int row = 0; row < length; row++) {
            int first = name.equals("all") ? 0 : config.attention().firstSeen(layer, row);
            for (int column = 0; column < length; column++) {
                mask[row * length + column] = column >= first && column <= row ? 0 : Float.NEGATIVE_INFINITY;
            }
        }
        return FloatBlock.of(name, Shape.of(length, length), mask, arena);
    }
}
