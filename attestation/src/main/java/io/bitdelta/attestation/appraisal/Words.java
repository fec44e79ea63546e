package io.bitdelta.attestation.appraisal;

import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Function;

/** Reads enum words and times of JSON objects. */
final class Words {
    private Words() {}

    static <E extends Enum<E>> E read(Class<E> type, JsonObject object, String key, Function<E, String> word) {
        String text = object.text(key);
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> word.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new JsonException(object.at(key) + ": unknown word \"" + text + "\""));
    }

    static Instant instant(JsonObject object, String key, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new JsonException(object.at(key) + ": not an RFC 3339 instant: \"" + text + "\"", e);
        }
    }
}
