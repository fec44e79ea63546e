package io.bitdelta.engine.model;

import io.bitdelta.engine.kernel.ElementCodec;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The forward pass as the papers write it, in binary64, a sum at a time, without a cache: what the kernels are compared
 * with. Shares nothing with them but the configuration.
 */
final class NaiveCausalLm {
    private final ModelConfig config;
    private final Map<String, double[]> weights;

    NaiveCausalLm(ModelConfig config, Map<String, double[]> weights) {
        this.config = config;
        this.weights = weights;
    }

    static Map<String, double[]> numbers(Checkpoint checkpoint) {
        Map<String, double[]> all = new TreeMap<>();
        for (Tensor tensor : checkpoint.tensors()) {
            double[] values = new double[(int) tensor.shape().count()];
            for (int i = 0; i < values.length; i++) {
                values[i] = ElementCodec.read(
                        tensor.dtype(), tensor.data(), (long) i * tensor.dtype().width());
            }
            all.put(tensor.name(), values);
        }
        return all;
    }

    private double[] get(String name) {
        double[] values = weights.get(name);
        if (values == null) {
            throw new IllegalArgumentException("no tensor " + name);
        }
        return values;
    }

    double[][] logits(int[] tokens) {
        int hidden = config.hidden();
        double[][] x = new double[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            x[t] = Arrays.copyOfRange(get("model.embed_tokens.weight"), tokens[t] * hidden, (tokens[t] + 1) * hidden);
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            String at = "model.layers." + layer + ".";
            double[][] mixed = attention(at, layer, x);
            for (int t = 0; t < x.length; t++) {
                add(x[t], linear(at + "self_attn.o_proj", mixed[t]));
                double[] normed = norm(x[t], get(at + "post_attention_layernorm.weight"));
                double[] gate = linear(at + "mlp.gate_proj", normed);
                double[] up = linear(at + "mlp.up_proj", normed);
                for (int i = 0; i < gate.length; i++) {
                    gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
                }
                add(x[t], linear(at + "mlp.down_proj", gate));
            }
        }
        double[][] logits = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double[] normed = norm(x[t], get("model.norm.weight"));
            logits[t] = times(get(config.tied() ? "model.embed_tokens.weight" : "lm_head.weight"), normed);
        }
        return logits;
    }

    private double[][] attention(String at, int layer, double[][] x) {
        int dim = config.attention().headDim();
        int heads = config.attention().heads();
        int kvHeads = config.attention().kvHeads();
        double[][] q = new double[x.length][];
        double[][] k = new double[x.length][];
        double[][] v = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double[] normed = norm(x[t], get(at + "input_layernorm.weight"));
            q[t] = rotate(heads(at + "self_attn.q", normed), t);
            k[t] = rotate(heads(at + "self_attn.k", normed), t);
            v[t] = linear(at + "self_attn.v_proj", normed);
        }
        double[][] mixed = new double[x.length][heads * dim];
        for (int t = 0; t < x.length; t++) {
            for (int h = 0; h < heads; h++) {
                int kv = h * kvHeads / heads;
                int window = config.attention().window();
                int first = window > 0 && layer >= config.attention().firstWindowed() ? Math.max(0, t - window + 1) : 0;
                double sum = 0;
                double[] p = new double[t + 1];
                for (int s = first; s <= t; s++) {
                    double score = 0;
                    for (int i = 0; i < dim; i++) {
                        score += q[t][h * dim + i] * k[s][kv * dim + i];
                    }
                    p[s] = Math.exp(score / Math.sqrt(dim));
                    sum += p[s];
                }
                for (int s = first; s <= t; s++) {
                    for (int i = 0; i < dim; i++) {
                        mixed[t][h * dim + i] += p[s] / sum * v[s][kv * dim + i];
                    }
                }
            }
        }
        return mixed;
    }

    private double[] heads(String module, double[] x) {
        double[] y = linear(module + "_proj", x);
        if (!config.attention().normalised()) {
            return y;
        }
        int dim = config.attention().headDim();
        for (int from = 0; from < y.length; from += dim) {
            double[] head = norm(Arrays.copyOfRange(y, from, from + dim), get(module + "_norm.weight"));
            System.arraycopy(head, 0, y, from, dim);
        }
        return y;
    }

    private double[] rotate(double[] x, int position) {
        int dim = config.attention().headDim();
        double[] frequencies = config.rope().frequencies(dim);
        double[] y = x.clone();
        for (int from = 0; from < x.length; from += dim) {
            for (int i = 0; i < dim / 2; i++) {
                double angle = position * frequencies[i];
                double a = x[from + i];
                double b = x[from + dim / 2 + i];
                y[from + i] = a * Math.cos(angle) - b * Math.sin(angle);
                y[from + dim / 2 + i] = b * Math.cos(angle) + a * Math.sin(angle);
            }
        }
        return y;
    }

    private double[] linear(String module, double[] x) {
        double[] y = times(get(module + ".weight"), x);
        double[] bias = weights.get(module + ".bias");
        if (bias != null) {
            add(y, bias);
        }
        return y;
    }

    private static double[] times(double[] w, double[] x) {
        double[] y = new double[w.length / x.length];
        for (int r = 0; r < y.length; r++) {
            for (int c = 0; c < x.length; c++) {
                y[r] += w[r * x.length + c] * x[c];
            }
        }
        return y;
    }

    private double[] norm(double[] x, double[] weight) {
        double squares = 0;
        for (double value : x) {
            squares += value * value;
        }
        double factor = 1 / Math.sqrt(squares / x.length + config.normEpsilon());
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] * factor * weight[i];
        }
        return y;
    }

    private static void add(double[] to, double[] x) {
        for (int i = 0; i < to.length; i++) {
            to[i] += x[i];
        }
    }
}
