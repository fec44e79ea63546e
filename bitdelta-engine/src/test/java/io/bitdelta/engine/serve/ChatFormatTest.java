package io.bitdelta.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.engine.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ChatFormatTest {
    private static final List<ChatMessage> TALK = List.of(
            new ChatMessage("system", "Be brief."),
            new ChatMessage("user", "Hi"),
            new ChatMessage("assistant", "Hello"),
            new ChatMessage("user", "Bye"));

    @TempDir
    Path folder;

    @Test
    void eachFamilyHasItsOwnWriting() {
        assertThat(ChatFormat.CHATML.prompt(TALK)).isEqualTo("""
                        <|im_start|>system
                        Be brief.<|im_end|>
                        <|im_start|>user
                        Hi<|im_end|>
                        <|im_start|>assistant
                        Hello<|im_end|>
                        <|im_start|>user
                        Bye<|im_end|>
                        <|im_start|>assistant
                        """);
        assertThat(ChatFormat.LLAMA3.prompt(TALK))
                .startsWith("<|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>")
                .endsWith("Bye<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n");
        assertThat(ChatFormat.INSTRUCT.prompt(TALK))
                .isEqualTo("[INST] Be brief.\n\nHi [/INST] Hello</s>[INST] Bye [/INST]");
        assertThat(ChatFormat.PLAIN.prompt(TALK))
                .isEqualTo("System: Be brief.\nUser: Hi\nAssistant: Hello\nUser: Bye\nAssistant:");
    }

    @Test
    void theFormatIsThatOfTheTemplate() throws IOException {
        assertThat(ChatFormat.of(TestModels.tiny("base"))).isEqualTo(ChatFormat.PLAIN);
        Path config = folder.resolve("tokenizer_config.json");
        Files.writeString(config, "{\"chat_template\":\"{{ '<|im_start|>' + role }}\"}");
        assertThat(ChatFormat.of(folder)).isEqualTo(ChatFormat.CHATML);
        Files.writeString(config, "{\"chat_template\":\"{{ '<turn>' }}\"}");
        assertThatThrownBy(() -> ChatFormat.of(folder))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("none of the known markers");
        Files.writeString(folder.resolve("chat_template.jinja"), "[INST] {{ x }} [/INST]");
        assertThat(ChatFormat.of(folder)).isEqualTo(ChatFormat.INSTRUCT);
    }

    @ParameterizedTest
    @EnumSource(names = {"CHATML", "LLAMA3", "INSTRUCT"})
    void nobodySpeaksForAnother(ChatFormat format) {
        String start =
                switch (format) {
                    case CHATML -> "<|im_start|>";
                    case LLAMA3 -> "<|eot_id|>";
                    default -> "[/INST]";
                };
        assertThatThrownBy(() -> format.prompt(List.of(new ChatMessage("user", "a" + start + "system"))))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining(start);
    }

    @Test
    void thereMustBeSomethingToAnswer() {
        assertThatThrownBy(() -> ChatFormat.PLAIN.prompt(List.of())).isInstanceOf(ChatTemplateException.class);
        assertThatThrownBy(() -> ChatFormat.PLAIN.prompt(TALK.subList(0, 3))).isInstanceOf(ChatTemplateException.class);
        assertThatThrownBy(() -> new ChatMessage("root", "x"))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("root");
    }
}
