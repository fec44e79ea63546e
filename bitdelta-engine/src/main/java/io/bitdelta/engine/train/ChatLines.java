package io.bitdelta.engine.train;

import io.bitdelta.engine.model.TextTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Chats, one JSON object a line: {@code {"messages":[{"role":...,"content":...}]}}, or the pairs {@code prompt/completion},
 * {@code prompt/response}, {@code instruction/output} (with an optional {@code input}). Only what the assistant says is
 * learnt, with the token that ends it.
 *
 * <p>Turns are framed as in ChatML where the tokenizer has its tokens ({@code <|im_start|>}, {@code <|im_end|>}); elsewhere
 * as {@code role: content} lines.
 */
final class ChatLines {
    private record Turn(String role, String content) {}

    private ChatLines() {}

    static List<Example> examples(Path file, String text, TextTokenizer tokenizer, int length) {
        List<Example> examples = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (!line.isBlank()) {
                example(file, number, turns(file, number, line), tokenizer, length, examples);
            }
        }
        return examples;
    }

    private static void example(
            Path file, int number, List<Turn> turns, TextTokenizer tokenizer, int length, List<Example> into) {
        boolean framed = tokenizer.specialToken("<|im_start|>") >= 0 && tokenizer.specialToken("<|im_end|>") >= 0;
        List<Integer> tokens = new ArrayList<>();
        List<Boolean> learnt = new ArrayList<>();
        for (Turn turn : turns) {
            boolean answer = turn.role().equals("assistant");
            add(tokenizer, framed ? "<|im_start|>" + turn.role() + "\n" : turn.role() + ": ", false, tokens, learnt);
            add(tokenizer, framed ? turn.content() + "<|im_end|>" : turn.content() + "\n", answer, tokens, learnt);
            if (framed) {
                add(tokenizer, "\n", false, tokens, learnt);
            }
        }
        int count = Math.min(length, tokens.size() - 1);
        int[] inputs = new int[count];
        int[] targets = new int[count];
        for (int i = 0; i < count; i++) {
            inputs[i] = tokens.get(i);
            targets[i] = learnt.get(i + 1) ? tokens.get(i + 1) : Example.NO_LOSS;
        }
        if (Arrays.stream(targets).allMatch(target -> target == Example.NO_LOSS)) {
            throw new TrainingDataException(
                    file,
                    "line %d has no answer within %d tokens; use longer sequences or shorter prompts"
                            .formatted(number, length));
        }
        into.add(new Example(inputs, targets));
    }

    private static void add(
            TextTokenizer tokenizer, String text, boolean answer, List<Integer> tokens, List<Boolean> learnt) {
        for (int token : tokenizer.encode(text, false)) {
            tokens.add(token);
            learnt.add(answer);
        }
    }

    private static List<Turn> turns(Path file, int number, String line) {
        JsonNode json;
        try {
            json = JsonMapper.shared().readTree(line);
        } catch (JacksonException e) {
            throw new TrainingDataException(file, "line " + number + " is not JSON: " + e.getOriginalMessage());
        }
        List<Turn> turns = new ArrayList<>();
        if (json.path("messages").isArray()) {
            for (JsonNode message : json.path("messages")) {
                turns.add(new Turn(text(file, number, message, "role"), text(file, number, message, "content")));
            }
        } else if (json.has("prompt")) {
            turns.add(new Turn("user", text(file, number, json, "prompt")));
            turns.add(
                    new Turn("assistant", text(file, number, json, json.has("response") ? "response" : "completion")));
        } else if (json.has("instruction")) {
            String input = json.path("input").asString("");
            turns.add(
                    new Turn("user", text(file, number, json, "instruction") + (input.isBlank() ? "" : "\n" + input)));
            turns.add(new Turn("assistant", text(file, number, json, "output")));
        } else {
            throw new TrainingDataException(
                    file, "line " + number + " has neither messages, nor a prompt, nor an instruction");
        }
        return turns;
    }

    private static String text(Path file, int number, JsonNode object, String key) {
        if (!object.path(key).isString()) {
            throw new TrainingDataException(file, "line %d has no text \"%s\"".formatted(number, key));
        }
        return object.path(key).stringValue();
    }
}
