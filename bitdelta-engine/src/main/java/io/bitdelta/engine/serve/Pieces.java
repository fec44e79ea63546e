package io.bitdelta.engine.serve;

import io.bitdelta.engine.model.TextTokenizer;
import java.util.function.Consumer;

/**
 * Hands out a growing text. A character whose bytes are spread over tokens decodes to U+FFFD until its last one is there:
 * a text that ends in one waits.
 */
final class Pieces {
    private static final String INCOMPLETE = "\uFFFD";

    private final TextTokenizer tokenizer;
    private final Consumer<String> pieces;
    private int handedOut;

    Pieces(TextTokenizer tokenizer, Consumer<String> pieces) {
        this.tokenizer = tokenizer;
        this.pieces = pieces;
    }

    /** The tokens so far. */
    void grow(int[] tokens) {
        String text = tokenizer.decode(tokens);
        if (!text.endsWith(INCOMPLETE)) {
            handOut(text);
        }
    }

    /** All tokens; returns the whole text. */
    String finish(int[] tokens) {
        String text = tokenizer.decode(tokens);
        handOut(text);
        return text;
    }

    private void handOut(String text) {
        if (text.length() > handedOut) {
            pieces.accept(text.substring(handedOut));
            handedOut = text.length();
        }
    }
}
