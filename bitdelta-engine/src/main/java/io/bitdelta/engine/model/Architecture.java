package io.bitdelta.engine.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The model families, by the {@code model_type} of their configuration. */
public enum Architecture {
    /** Llama 2, 3 and their kin. */
    LLAMA("llama"),
    /** Mistral: Llama with a sliding window in its first version. */
    MISTRAL("mistral"),
    /** Qwen2 and Qwen2.5: biases on queries, keys and values. */
    QWEN2("qwen2"),
    /** Qwen3: queries and keys are normalised per head. */
    QWEN3("qwen3");

    private final String modelType;

    Architecture(String modelType) {
        this.modelType = modelType;
    }

    /** The text in {@code config.json}. */
    public String modelType() {
        return modelType;
    }

    /** The family of that {@code model_type}. */
    public static Optional<Architecture> named(String modelType) {
        return Arrays.stream(values())
                .filter(a -> a.modelType.equals(modelType))
                .findFirst();
    }

    static String known() {
        return Arrays.stream(values()).map(Architecture::modelType).collect(Collectors.joining(", "));
    }
}
