package io.bitdelta.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.model.TextTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatLinesTest {
    private static final Path FILE = Path.of("chats.jsonl");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\":[{\"role\":\"user\",\"content\":\"What is it?\"},"
                        + "{\"role\":\"assistant\",\"content\":\"A goblet.\"}]}",
                "{\"prompt\":\"What is it?\",\"completion\":\"A goblet.\"}",
                "{\"instruction\":\"What is it?\",\"output\":\"A goblet.\"}"
            })
    void onlyTheAnswerIsLearnt(String line) throws IOException {
        try (TextTokenizer tokenizer = TextTokenizer.open(TestModels.tiny("base"))) {
            List<Example> examples = ChatLines.examples(FILE, line + "\n\n", tokenizer, 64);
            assertThat(examples).hasSize(1);
            Example example = examples.getFirst();
            int[] learnt = Arrays.stream(example.targets())
                    .filter(target -> target != Example.NO_LOSS)
                    .toArray();
            assertThat(tokenizer.decode(learnt)).startsWith("A goblet.").doesNotContain("What");
            assertThat(tokenizer.decode(example.inputs())).contains("What is it?");
        }
    }

    @Test
    void aLineThatIsNoChatIsNamed() throws IOException {
        try (TextTokenizer tokenizer = TextTokenizer.open(TestModels.tiny("base"))) {
            for (String bad : new String[] {"{", "{\"text\":\"x\"}", "{\"prompt\":\"x\"}", "{\"prompt\":3}"}) {
                assertThatThrownBy(() -> ChatLines.examples(FILE, "\n" + bad, tokenizer, 64))
                        .isInstanceOf(TrainingDataException.class)
                        .hasMessageContaining("line 2");
            }
            String late = "{\"prompt\":\"%s\",\"completion\":\"y\"}".formatted("word ".repeat(80));
            assertThatThrownBy(() -> ChatLines.examples(FILE, late, tokenizer, 16))
                    .hasMessageContaining("no answer within 16");
        }
    }
}
