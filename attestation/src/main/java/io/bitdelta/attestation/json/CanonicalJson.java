package io.bitdelta.attestation.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * RFC 8785 JSON restricted to strings, booleans, integers below 2^53, arrays and objects: equal values have equal bytes,
 * so their digests can be signed.
 */
public final class CanonicalJson {
    /** The deepest nesting that is read or written. */
    public static final int MAX_DEPTH = 32;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(20)
                    .maxStringLength(64 << 20)
                    .build())
            .build();

    private CanonicalJson() {}

    /** The one UTF-8 text of a value. */
    public static byte[] write(JsonValue value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        write(value, out, 0);
        return out.toByteArray();
    }

    /**
     * Reads a text and refuses it unless it is exactly what {@link #write} gives for its value.
     *
     * @param bytes the UTF-8 text
     * @param maxBytes the largest accepted length, checked before anything is parsed
     * @throws JsonException when too long, malformed, too deep, with duplicate keys, or not canonical
     */
    public static JsonValue read(byte[] bytes, int maxBytes) {
        JsonValue value = readAny(bytes, maxBytes);
        byte[] canonical = write(value);
        int difference = Arrays.mismatch(bytes, canonical);
        if (difference >= 0) {
            throw new JsonException("not canonical JSON (RFC 8785) at byte " + difference + " of " + bytes.length);
        }
        return value;
    }

    /**
     * Reads a text of the same value set in any spelling (white space, key order, escapes). Duplicate keys, null and
     * floats are refused all the same.
     *
     * @throws JsonException when too long, malformed, too deep or outside the value set
     */
    public static JsonValue readAny(byte[] bytes, int maxBytes) {
        if (bytes.length > maxBytes) {
            throw new JsonException("JSON of " + bytes.length + " bytes is over the limit of " + maxBytes);
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
            parser.nextToken();
            JsonValue value = value(parser);
            if (parser.nextToken() != null) {
                throw new JsonException("something follows the JSON value");
            }
            return value;
        } catch (JacksonException e) {
            throw new JsonException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static JsonValue value(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new JsonException("empty JSON text");
        }
        return switch (token) {
            case VALUE_STRING -> new JsonValue.Text(parser.getString());
            case VALUE_TRUE -> new JsonValue.Bool(true);
            case VALUE_FALSE -> new JsonValue.Bool(false);
            case VALUE_NUMBER_INT -> new JsonValue.Whole(parser.getLongValue());
            case START_ARRAY -> array(parser);
            case START_OBJECT -> object(parser);
            default -> throw new JsonException("a " + token + " has no place in these formats");
        };
    }

    private static JsonValue array(JsonParser parser) {
        List<JsonValue> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return new JsonValue.Items(items);
    }

    private static JsonValue object(JsonParser parser) {
        TreeMap<String, JsonValue> members = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            members.put(key, value(parser));
        }
        return new JsonValue.Members(members);
    }

    private static void write(JsonValue value, ByteArrayOutputStream out, int depth) {
        if (depth > MAX_DEPTH) {
            throw new JsonException("nested deeper than " + MAX_DEPTH);
        }
        switch (value) {
            case JsonValue.Text t -> string(t.value(), out);
            case JsonValue.Whole w -> ascii(Long.toString(w.value()), out);
            case JsonValue.Bool b -> ascii(Boolean.toString(b.value()), out);
            case JsonValue.Items i -> {
                out.write('[');
                boolean first = true;
                for (JsonValue item : i.items()) {
                    if (!first) {
                        out.write(',');
                    }
                    first = false;
                    write(item, out, depth + 1);
                }
                out.write(']');
            }
            case JsonValue.Members m -> {
                out.write('{');
                boolean first = true;
                for (Map.Entry<String, JsonValue> member : m.members().entrySet()) {
                    if (!first) {
                        out.write(',');
                    }
                    first = false;
                    string(new JsonValue.Text(member.getKey()).value(), out);
                    out.write(':');
                    write(member.getValue(), out, depth + 1);
                }
                out.write('}');
            }
        }
    }

    private static void string(String text, ByteArrayOutputStream out) {
        StringBuilder escaped = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\b' -> escaped.append("\\b");
                case '\t' -> escaped.append("\\t");
                case '\n' -> escaped.append("\\n");
                case '\f' -> escaped.append("\\f");
                case '\r' -> escaped.append("\\r");
                default -> {
                    if (c < 0x20) {
                        escaped.append("\\u00").append(c < 0x10 ? "0" : "1").append(Character.forDigit(c & 15, 16));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        out.writeBytes(escaped.append('"').toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void ascii(String text, ByteArrayOutputStream out) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
