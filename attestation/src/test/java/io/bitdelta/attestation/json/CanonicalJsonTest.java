package io.bitdelta.attestation.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CanonicalJsonTest {
    @Property(tries = 300)
    void whatIsWrittenIsReadBackEqual(@ForAll("values") JsonValue value) {
        byte[] text = CanonicalJson.write(value);
        assertThat(CanonicalJson.read(text, 1 << 20)).isEqualTo(value);
    }

    @Property(tries = 300)
    void aChangedByteNeverReadsAsTheSameValue(@ForAll("values") JsonValue value, @ForAll int position, @ForAll byte b) {
        byte[] text = CanonicalJson.write(value);
        int at = Math.floorMod(position, text.length);
        if (text[at] == b) {
            return;
        }
        text[at] = b;
        try {
            assertThat(CanonicalJson.read(text, 1 << 20)).isNotEqualTo(value);
        } catch (JsonException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @Provide
    Arbitrary<JsonValue> values() {
        Arbitrary<String> strings = Arbitraries.strings()
                .all()
                .ofMaxLength(12)
                .filter(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(text));
        Arbitrary<JsonValue> leaves = Arbitraries.oneOf(
                strings.map(JsonValue::text),
                Arbitraries.longs()
                        .between(-JsonValue.INTEGER_BOUND + 1, JsonValue.INTEGER_BOUND - 1)
                        .map(JsonValue::whole),
                Arbitraries.of(true, false).map(JsonValue::bool));
        return Arbitraries.recursive(
                () -> leaves,
                inner -> Arbitraries.oneOf(
                        inner.list().ofMaxSize(3).map(JsonValue.Items::new),
                        Arbitraries.maps(strings, inner)
                                .ofMaxSize(3)
                                .map(map -> new JsonValue.Members(new TreeMap<>(map)))),
                0,
                3);
    }

    @Test
    void keysAscendByUtf16CodeUnitsAndControlsAreEscapedAsRfc8785Says() {
        TreeMap<String, JsonValue> members = new TreeMap<>();
        for (String key : List.of("\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6")) {
            members.put(key, JsonValue.text("\u20ac$\u000f\nA'B\"\\\\\"/"));
        }
        String text = new String(CanonicalJson.write(new JsonValue.Members(members)), StandardCharsets.UTF_8);
        String value = ":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"";
        assertThat(text)
                .isEqualTo("{\"\\r\"" + value + ",\"1\"" + value + ",\"\u0080\"" + value + ",\"\u00f6\"" + value
                        + ",\"\u20ac\"" + value + ",\"\ud83d\ude00\"" + value + ",\"\ufb33\"" + value + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " 1",
                "1 ",
                "1\n",
                "01",
                "-0",
                "+1",
                "1.0",
                "1e2",
                "9007199254740992",
                "-9007199254740992",
                "99999999999999999999",
                "null",
                "tru",
                "{\"b\":1,\"a\":2}",
                "{\"a\":1,\"a\":1}",
                "{\"a\": 1}",
                "{\"a\":1,}",
                "[1,]",
                "[1",
                "\"\\u0041\"",
                "\"\\/\"",
                "\"\\ud800\"",
                "\"\\u001F\"",
                "'a'",
                "{a:1}",
                "1 2",
                "[]]",
                "//c\n1",
                "\ufeff1"
            })
    void anythingElseThanTheOneTextIsRefused(String text) {
        assertThatThrownBy(() -> CanonicalJson.read(text.getBytes(StandardCharsets.UTF_8), 1 << 10))
                .isInstanceOf(JsonException.class);
    }

    @Test
    void invalidUtf8IsRefused() {
        assertThatThrownBy(() -> CanonicalJson.read(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'}, 10))
                .isInstanceOf(JsonException.class);
    }

    @Test
    void depthAndLengthAreLimited() {
        byte[] deep = "[".repeat(5000).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> CanonicalJson.read(deep, 1 << 20)).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> CanonicalJson.read(deep, 100)).hasMessageContaining("over the limit of 100");
        JsonValue value = JsonValue.whole(1);
        for (int i = 0; i < 40; i++) {
            value = new JsonValue.Items(List.of(value));
        }
        JsonValue nested = value;
        assertThatThrownBy(() -> CanonicalJson.write(nested)).hasMessageContaining("nested deeper");
    }

    @Test
    void readersNameThePathOfAWrongValue() {
        JsonObject root = JsonObject.of(
                "doc",
                CanonicalJson.readAny("{\"a\":{\"b\":true},\"h\":\"0xAB\"}".getBytes(StandardCharsets.UTF_8), 100));
        assertThatThrownBy(() -> root.object("a").text("b")).hasMessage("doc.a.b: a string is needed, found a boolean");
        assertThatThrownBy(() -> root.object("a").text("c")).hasMessage("doc.a.c: missing");
        assertThatThrownBy(() -> root.hex("h", 1)).hasMessageContaining("lowercase");
    }
}
