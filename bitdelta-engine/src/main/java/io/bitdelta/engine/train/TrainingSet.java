package io.bitdelta.engine.train;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Sha256;
import io.bitdelta.engine.model.ModelConfig;
import io.bitdelta.engine.model.TextTokenizer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The examples of a text: those to learn from, and a part from its end that only early stopping looks at.
 *
 * @param learn to learn from
 * @param held held out
 * @param hash SHA-256 of the file
 */
public record TrainingSet(List<Example> learn, List<Example> held, Hash32 hash) {
    private static final long MAX_BYTES = 1L << 30;

    /** More sequences would cost time at every look and hardly sharpen it. */
    private static final int MAX_HELD = 48;

    /** Copies both lists. */
    public TrainingSet {
        learn = List.copyOf(learn);
        held = List.copyOf(held);
    }

    /**
     * Reads a text: chats if its name ends in {@code .jsonl}, else plain text, which is cut into windows.
     *
     * @param length tokens per window, or at most per chat
     * @param heldShare how much of it is held out, below 1; at most 48 sequences are
     * @throws TrainingDataException if it is empty, too short, or no text
     */
    public static TrainingSet read(Path file, TextTokenizer tokenizer, ModelConfig config, int length, double heldShare)
            throws IOException {
        if (length < 2 || length > config.context()) {
            throw new TrainingOptionException(
                    "sequences of %d tokens; the model's context allows 2 to %d".formatted(length, config.context()));
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new TrainingDataException(file, Files.size(file) + " bytes are more than 1 GiB; split it");
        }
        byte[] bytes = Files.readAllBytes(file);
        String text = decode(file, bytes);
        if (text.isBlank()) {
            throw new TrainingDataException(file, "it is empty; there is nothing to learn");
        }
        boolean chats = String.valueOf(file.getFileName()).endsWith(".jsonl");
        List<Example> examples = chats
                ? ChatLines.examples(file, text, tokenizer, length)
                : windows(file, tokenizer.encode(text, false), length);
        int held = (int) Math.min(MAX_HELD, Math.round(examples.size() * heldShare));
        if (heldShare > 0 && held == 0) {
            held = 1;
        }
        if (examples.size() - held < 1) {
            throw new TrainingDataException(
                    file,
                    "it gives %d sequences of %d tokens; at least one to learn from%s is needed"
                            .formatted(examples.size(), length, heldShare > 0 ? " and one to hold out" : ""));
        }
        int cut = examples.size() - held;
        return new TrainingSet(
                examples.subList(0, cut),
                examples.subList(cut, examples.size()),
                Sha256.of(MemorySegment.ofArray(bytes)));
    }

    private static String decode(Path file, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new TrainingDataException(file, "it is not UTF-8 text");
        }
    }

    /** Windows that do not overlap; what is left at the end is a shorter one. */
    static List<Example> windows(Path file, int[] tokens, int length) {
        if (tokens.length < 2) {
            throw new TrainingDataException(file, tokens.length + " tokens are too few; at least two are needed");
        }
        List<Example> examples = new ArrayList<>();
        for (int from = 0; from + 1 < tokens.length; from += length) {
            int to = Math.min(from + length, tokens.length - 1);
            examples.add(
                    new Example(Arrays.copyOfRange(tokens, from, to), Arrays.copyOfRange(tokens, from + 1, to + 1)));
        }
        return examples;
    }
}
