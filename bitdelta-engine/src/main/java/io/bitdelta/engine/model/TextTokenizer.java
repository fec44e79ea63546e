package io.bitdelta.engine.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model's tokenizer: Hugging Face's {@code tokenizers} on its {@code tokenizer.json}. It is native code, loaded with the
 * first instance and told to stay off the network. Safe for use by several threads until it is closed.
 */
public final class TextTokenizer implements AutoCloseable {
    private static final long MAX_BYTES = 64 << 20;

    /** Never cut, never pad: a text is what it is. */
    private static final Map<String, String> OPTIONS =
            Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "true");

    static {
        for (String property : new String[] {"ai.djl.offline", "OPT_OUT_TRACKING"}) {
            if (System.getProperty(property) == null) {
                System.setProperty(property, "true");
            }
        }
    }

    private final Path file;
    private final HuggingFaceTokenizer tokenizer;
    private final Map<String, Integer> special;
    private final int largest;
    private final Hash32 hash;

    private TextTokenizer(
            Path file, HuggingFaceTokenizer tokenizer, Map<String, Integer> special, int largest, Hash32 hash) {
        this.file = file;
        this.tokenizer = tokenizer;
        this.special = special;
        this.largest = largest;
        this.hash = hash;
    }

    /**
     * Opens the tokenizer of a model.
     *
     * @param model a folder with {@code tokenizer.json}, or a file beside one
     * @throws TokenizerException if there is none, or it is not one
     * @throws IOException if reading fails
     */
    public static TextTokenizer open(Path model) throws IOException {
        Path file = ConfigReader.folder(model).resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new TokenizerException(file, "no such file; copy the tokenizer that came with the model");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new TokenizerException(file, "it has " + Files.size(file) + " bytes, allowed are " + MAX_BYTES);
        }
        byte[] bytes = Files.readAllBytes(file);
        JsonNode json;
        try {
            json = JsonMapper.shared().readTree(bytes);
        } catch (JacksonException e) {
            throw new TokenizerException(file, "it is not JSON: " + e.getOriginalMessage(), e);
        }
        Map<String, Integer> special = new HashMap<>();
        int largest = -1;
        for (JsonNode added : json.path("added_tokens")) {
            special.put(added.path("content").asString(""), added.path("id").asInt(-1));
            largest = Math.max(largest, added.path("id").asInt(-1));
        }
        for (Map.Entry<String, JsonNode> entry :
                json.path("model").path("vocab").properties()) {
            largest = Math.max(largest, entry.getValue().asInt(-1));
        }
        try {
            HuggingFaceTokenizer tokenizer =
                    HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), new HashMap<>(OPTIONS));
            return new TextTokenizer(
                    file,
                    tokenizer,
                    Map.copyOf(special),
                    largest,
                    new Sha256().update(bytes).finish());
        } catch (RuntimeException e) {
            throw new TokenizerException(file, "it is not a tokenizer: " + e.getMessage(), e);
        }
    }

    /**
     * Opens the tokenizer of a model and checks that its tokens are the model's.
     *
     * @throws TokenizerMismatchException if it has tokens that the model does not have
     */
    public static TextTokenizer open(Path model, ModelConfig config) throws IOException {
        TextTokenizer tokenizer = open(model);
        if (tokenizer.largest >= config.vocabulary()) {
            tokenizer.close();
            throw new TokenizerMismatchException(
                    tokenizer.file,
                    "it has token %d, the model knows 0 to %d".formatted(tokenizer.largest, config.vocabulary() - 1));
        }
        return tokenizer;
    }

    /** The file it was read from. */
    public Path file() {
        return file;
    }

    /** SHA-256 of {@code tokenizer.json}: equal hashes give equal tokens. */
    public Hash32 hash() {
        return hash;
    }

    /** The token of a special text such as {@code <|im_end|>}, or -1 where the tokenizer has none. */
    public int specialToken(String text) {
        return special.getOrDefault(text, -1);
    }

    /** As {@link #encode(String, boolean)}, with what the model's template puts around a text, for example its begin token. */
    public int[] encode(String text) {
        return encode(text, true);
    }

    /**
     * Tokenises a text; special tokens in it are recognised.
     *
     * @param template whether to add what the model's template puts around a text
     * @throws TokenizerException if the tokenizer refuses it
     */
    public int[] encode(String text, boolean template) {
        long[] ids;
        try {
            ids = tokenizer.encode(text, template, false).getIds();
        } catch (RuntimeException e) {
            throw new TokenizerException(file, "the text cannot be encoded: " + e.getMessage(), e);
        }
        int[] tokens = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            tokens[i] = (int) ids[i];
        }
        return tokens;
    }

    /** The text of tokens, special ones left out; bytes that are no UTF-8 yet appear as U+FFFD. */
    public String decode(int[] tokens) {
        long[] ids = new long[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            ids[i] = tokens[i];
        }
        return tokenizer.decode(ids, true);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
