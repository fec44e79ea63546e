package io.bitdelta.engine.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a model wants a conversation written. The {@code chat_template} of {@code tokenizer_config.json} (or
 * {@code chat_template.jinja}) is a program; it is not run, but recognised by the markers that it writes. What is rendered
 * is its plain conversation: no tools, no dates, no default system prompt.
 */
public enum ChatFormat {
    /** Qwen and others: {@code <|im_start|>role\ncontent<|im_end|>}. */
    CHATML("<|im_start|>", "<|im_end|>") {
        @Override
        void write(StringBuilder out, ChatMessage message) {
            out.append("<|im_start|>")
                    .append(message.role())
                    .append('\n')
                    .append(message.content())
                    .append("<|im_end|>\n");
        }

        @Override
        void answer(StringBuilder out) {
            out.append("<|im_start|>assistant\n");
        }
    },
    /** Llama 3: {@code <|start_header_id|>role<|end_header_id|>\n\ncontent<|eot_id|>}. */
    LLAMA3("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|begin_of_text|>") {
        @Override
        void write(StringBuilder out, ChatMessage message) {
            header(out, message.role());
            out.append(message.content().strip()).append("<|eot_id|>");
        }

        @Override
        void answer(StringBuilder out) {
            header(out, "assistant");
        }

        private static void header(StringBuilder out, String role) {
            out.append("<|start_header_id|>").append(role).append("<|end_header_id|>\n\n");
        }
    },
    /** Llama 2 and Mistral: {@code [INST] content [/INST] answer</s>}; a system text joins the first user's. */
    INSTRUCT("[INST]", "[/INST]", "</s>", "<s>") {
        @Override
        void write(StringBuilder out, ChatMessage message) {
            switch (message.role()) {
                case "assistant" -> out.append(' ').append(message.content()).append("</s>");
                case "system" -> out.append("[INST] ").append(message.content()).append("\n\n");
                default -> {
                    boolean opened =
                            out.toString().endsWith("\n\n") && out.lastIndexOf("[INST]") > out.lastIndexOf("[/");
                    out.append(opened ? "" : "[INST] ")
                            .append(message.content())
                            .append(" [/INST]");
                }
            }
        }

        @Override
        void answer(StringBuilder out) {}
    },
    /** A model without a template: one line per turn, as {@code User: content}. */
    PLAIN() {
        @Override
        void write(StringBuilder out, ChatMessage message) {
            out.append(Character.toUpperCase(message.role().charAt(0)))
                    .append(message.role(), 1, message.role().length())
                    .append(": ")
                    .append(message.content())
                    .append('\n');
        }

        @Override
        void answer(StringBuilder out) {
            out.append("Assistant:");
        }
    };

    private static final long MAX_BYTES = 4 << 20;

    /** Separated by spaces. */
    private final String markers;

    ChatFormat(String... markers) {
        this.markers = String.join(" ", markers);
    }

    private List<String> markers() {
        return markers.isEmpty() ? List.of() : List.of(markers.split(" ", -1));
    }

    abstract void write(StringBuilder out, ChatMessage message);

    abstract void answer(StringBuilder out);

    /**
     * The format of a model.
     *
     * @param folder the model's folder
     * @throws ChatTemplateException if it has a template of an unknown format
     * @throws IOException if reading fails
     */
    public static ChatFormat of(Path folder) throws IOException {
        String template = template(folder);
        if (template.isBlank()) {
            return PLAIN;
        }
        return Arrays.stream(values())
                .filter(format ->
                        format != PLAIN && template.contains(format.markers().getFirst()))
                .findFirst()
                .orElseThrow(() -> new ChatTemplateException(
                        folder + ": its chat template writes none of the known markers: <|im_start|>,"
                                + " <|start_header_id|>, [INST]"));
    }

    private static String template(Path folder) throws IOException {
        Path own = folder.resolve("chat_template.jinja");
        if (Files.isRegularFile(own) && Files.size(own) <= MAX_BYTES) {
            return Files.readString(own);
        }
        Path config = folder.resolve("tokenizer_config.json");
        if (!Files.isRegularFile(config) || Files.size(config) > MAX_BYTES) {
            return "";
        }
        try {
            JsonNode template =
                    JsonMapper.shared().readTree(Files.readAllBytes(config)).path("chat_template");
            return template.isString() ? template.asString() : template.isArray() ? template.toString() : "";
        } catch (JacksonException e) {
            throw new ChatTemplateException(config + " is not JSON: " + e.getOriginalMessage());
        }
    }

    /**
     * Writes a conversation, ready for the model to answer.
     *
     * @param messages at least one; the last is not the assistant's
     * @throws ChatTemplateException if there is nothing to answer, or a text holds one of the format's own markers, with
     *     which it could speak for somebody else
     */
    public String prompt(List<ChatMessage> messages) {
        if (messages.isEmpty() || messages.getLast().role().equals("assistant")) {
            throw new ChatTemplateException("there is no message to answer; the last one must be the user's");
        }
        String text = conversation(messages);
        StringBuilder out = new StringBuilder(text);
        answer(out);
        return out.toString();
    }

    /**
     * Writes a conversation as it is, for training.
     *
     * @throws ChatTemplateException if a text holds one of the format's own markers
     */
    public String conversation(List<ChatMessage> messages) {
        StringBuilder out = new StringBuilder();
        for (ChatMessage message : messages) {
            for (String marker : markers()) {
                if (message.content().contains(marker)) {
                    throw new ChatTemplateException(
                            "a " + message.role() + " message holds the marker " + marker + "; remove it");
                }
            }
            write(out, message);
        }
        return out.toString();
    }
}
