package io.bitdelta.engine.serve;

import io.bitdelta.engine.model.ContextExceededException;
import io.bitdelta.engine.model.DeltaWeights;
import io.bitdelta.engine.model.EmptyTextException;
import io.bitdelta.engine.model.KernelCausalLm;
import io.bitdelta.engine.model.KvCache;
import io.bitdelta.engine.model.ModelConfig;
import io.bitdelta.engine.model.TextTokenizer;
import io.bitdelta.engine.model.TokenRow;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Continues a prompt token by token until the model ends its text, the limit or the context is reached. */
public final class Generator {
    /** Why a text ended. */
    public enum Finish {
        /** The model said so. */
        STOP,
        /** It had as many tokens as asked for, or as the context holds. */
        LENGTH
    }

    /**
     * A text.
     *
     * @param text what was generated, without the prompt
     * @param promptTokens tokens of the prompt
     * @param tokens generated tokens, an end token not counted
     * @param finish why it ended
     * @param firstTokenSeconds from the call to the first token
     * @param tokensPerSecond of the tokens after the first; 0 when there is only one
     */
    public record Result(
            String text,
            int promptTokens,
            int tokens,
            Finish finish,
            double firstTokenSeconds,
            double tokensPerSecond) {}

    private final KernelCausalLm model;
    private final TextTokenizer tokenizer;

    /** Generates with a model and its own tokenizer. */
    public Generator(KernelCausalLm model, TextTokenizer tokenizer) {
        this.model = model;
        this.tokenizer = tokenizer;
    }

    /**
     * Continues a prompt.
     *
     * @param prompt tokens, see {@link TextTokenizer#encode(String)}
     * @param delta whose model; null for the base
     * @param maxTokens at least 1
     * @param pieces receives the text as it grows, in pieces that are whole characters
     * @throws EmptyTextException if the prompt has no tokens
     * @throws ContextExceededException if the prompt fills the context
     */
    public Result generate(
            int[] prompt, @Nullable DeltaWeights delta, int maxTokens, Sampler sampler, Consumer<String> pieces) {
        long start = System.nanoTime();
        ModelConfig config = model.config();
        if (prompt.length == 0) {
            throw new EmptyTextException("the prompt has no tokens; at least one is needed");
        }
        if (prompt.length >= config.context()) {
            throw new ContextExceededException(prompt.length + 1L, config.context());
        }
        int limit = Math.min(maxTokens, config.context() - prompt.length);
        int[] generated = new int[limit];
        int count = 0;
        Finish finish = Finish.LENGTH;
        long first = 0;
        Pieces text = new Pieces(tokenizer, pieces);
        try (KvCache cache = new KvCache(config)) {
            float[] logits = model.prefill(prompt, cache, delta);
            while (true) {
                int token = sampler.next(logits);
                first = first == 0 ? System.nanoTime() : first;
                if (config.ends().contains(token)) {
                    finish = Finish.STOP;
                    break;
                }
                generated[count++] = token;
                text.grow(Arrays.copyOf(generated, count));
                if (count == limit) {
                    break;
                }
                logits = model.step(List.of(new TokenRow(token, cache, delta)))[0];
            }
        }
        double seconds = (System.nanoTime() - first) / 1e9;
        return new Result(
                text.finish(Arrays.copyOf(generated, count)),
                prompt.length,
                count,
                finish,
                (first - start) / 1e9,
                count > 1 ? (count - 1) / seconds : 0);
    }
}
