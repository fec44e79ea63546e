package io.bitdelta.attestation.json;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.HexText;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Typed access to one JSON object. Every complaint names the path of the value. Immutable. */
public final class JsonObject {
    private final String path;
    private final Map<String, JsonValue> members;

    private JsonObject(String path, Map<String, JsonValue> members) {
        this.path = path;
        this.members = members;
    }

    /**
     * Wraps the top value of a document.
     *
     * @param name what the document is, the root of every path in messages
     * @throws JsonException when the value is not an object
     */
    public static JsonObject of(String name, JsonValue value) {
        if (value instanceof JsonValue.Members m) {
            return new JsonObject(name, m.members());
        }
        throw new JsonException(name + ": an object is needed, found " + kind(value));
    }

    /** The keys present. */
    public Set<String> keys() {
        return members.keySet();
    }

    /** The value without one key. */
    public JsonValue without(String key) {
        TreeMap<String, JsonValue> copy = new TreeMap<>(members);
        copy.remove(key);
        return new JsonValue.Members(copy);
    }

    /** Whether the key is present. */
    public boolean has(String key) {
        return members.containsKey(key);
    }

    /** A required string. */
    public String text(String key) {
        JsonValue value = required(key);
        if (value instanceof JsonValue.Text t) {
            return t.value();
        }
        throw wrong(key, "a string", value);
    }

    /** A string, if present. */
    public Optional<String> optionalText(String key) {
        return has(key) ? Optional.of(text(key)) : Optional.empty();
    }

    /** A required integer of [min, max]. */
    public long whole(String key, long min, long max) {
        JsonValue value = required(key);
        if (!(value instanceof JsonValue.Whole w)) {
            throw wrong(key, "an integer", value);
        }
        if (w.value() < min || w.value() > max) {
            throw new JsonException(at(key) + ": " + w.value() + " is outside [" + min + ", " + max + "]");
        }
        return w.value();
    }

    /** A required boolean. */
    public boolean bool(String key) {
        JsonValue value = required(key);
        if (value instanceof JsonValue.Bool b) {
            return b.value();
        }
        throw wrong(key, "a boolean", value);
    }

    /** A required 0x-hex string of 32 bytes. */
    public Bytes32 bytes32(String key) {
        return Bytes32.of(hex(key, Bytes32.LENGTH));
    }

    /** A required 0x-hex string of {@code length} bytes. */
    public byte[] hex(String key, int length) {
        try {
            return HexText.parse(text(key), length);
        } catch (IllegalArgumentException e) {
            throw new JsonException(at(key) + ": " + e.getMessage(), e);
        }
    }

    /** A required base64 string (RFC 4648 section 4, padded, one spelling per value). */
    public byte[] base64(String key) {
        return base64(key, text(key));
    }

    /** A required array of base64 strings. */
    public List<byte[]> base64List(String key) {
        List<byte[]> out = new ArrayList<>();
        for (String text : texts(key)) {
            out.add(base64(key, text));
        }
        return out;
    }

    private byte[] base64(String key, String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new JsonException(at(key) + ": not base64: " + e.getMessage(), e);
        }
        if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
            throw new JsonException(at(key) + ": base64 with other padding or stray bits");
        }
        return bytes;
    }

    /** A required array of strings. */
    public List<String> texts(String key) {
        List<String> out = new ArrayList<>();
        for (JsonValue item : items(key)) {
            if (!(item instanceof JsonValue.Text t)) {
                throw wrong(key, "an array of strings", item);
            }
            out.add(t.value());
        }
        return out;
    }

    /** A required array. */
    public List<JsonValue> items(String key) {
        JsonValue value = required(key);
        if (value instanceof JsonValue.Items i) {
            return i.items();
        }
        throw wrong(key, "an array", value);
    }

    /** A required array of objects. */
    public List<JsonObject> objects(String key) {
        List<JsonObject> out = new ArrayList<>();
        int i = 0;
        for (JsonValue item : items(key)) {
            out.add(of(at(key) + "[" + i + "]", item));
            i++;
        }
        return out;
    }

    /** A required object. */
    public JsonObject object(String key) {
        return of(at(key), required(key));
    }

    /** An object, if present. */
    public Optional<JsonObject> optionalObject(String key) {
        return has(key) ? Optional.of(object(key)) : Optional.empty();
    }

    /** A required value of any kind. */
    public JsonValue required(String key) {
        @Nullable JsonValue value = members.get(key);
        if (value == null) {
            throw new JsonException(at(key) + ": missing");
        }
        return value;
    }

    /** The path of a member, for messages. */
    public String at(String key) {
        return path + "." + key;
    }

    private JsonException wrong(String key, String wanted, JsonValue found) {
        return new JsonException(at(key) + ": " + wanted + " is needed, found " + kind(found));
    }

    private static String kind(JsonValue value) {
        return switch (value) {
            case JsonValue.Text t -> "a string";
            case JsonValue.Whole w -> "an integer";
            case JsonValue.Bool b -> "a boolean";
            case JsonValue.Items i -> "an array";
            case JsonValue.Members m -> "an object";
        };
    }
}
