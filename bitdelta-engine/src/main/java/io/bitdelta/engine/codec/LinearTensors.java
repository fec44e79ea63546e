package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Tensor;
import java.util.Locale;
import java.util.Set;

/**
 * Which tensors are 1-bit by default: floating-point matrices that are neither an embedding, nor the output head, nor a
 * norm (BitDelta section 3). Judged by the words between the dots of a name, as Qwen, Llama, Mistral, Gemma, GPT-2 and
 * BERT checkpoints use them.
 */
final class LinearTensors {
    private static final Set<String> NOT_LINEAR = Set.of(
            "wte",
            "wpe",
            "shared",
            "lm_head",
            "head",
            "score",
            "classifier",
            "cls",
            "qa_outputs",
            "output_projection",
            "relative_attention_bias");

    private LinearTensors() {}

    /** Whether a tensor is compressed to signs by default. */
    static boolean contains(Tensor tensor) {
        if (!tensor.dtype().floating() || tensor.shape().rank() != 2) {
            return false;
        }
        for (String word : tensor.name().toLowerCase(Locale.ROOT).split("\\.", -1)) {
            if (NOT_LINEAR.contains(word) || word.contains("embed") || isNorm(word)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNorm(String word) {
        return word.contains("norm") || word.matches("ln(_?[0-9a-z]+)?");
    }
}
