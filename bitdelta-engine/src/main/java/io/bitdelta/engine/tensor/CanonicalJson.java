package io.bitdelta.engine.tensor;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** RFC 8785 text of strings, booleans, integers below 2^53, lists and maps with text keys: all that the formats use. */
public final class CanonicalJson {
    private static final long LIMIT = 1L << 53;

    private final StringBuilder out = new StringBuilder();

    private CanonicalJson() {}

    /** The canonical text of a value. */
    public static String of(Object value) {
        CanonicalJson json = new CanonicalJson();
        json.value(value);
        return json.out.toString();
    }

    private void value(Object value) {
        switch (value) {
            case String text -> string(text);
            case Boolean flag -> out.append(flag);
            case Integer number -> integer(number);
            case Long number -> integer(number);
            case List<?> list -> list(list);
            case Map<?, ?> map -> map(map);
            default -> throw new IllegalArgumentException("no canonical form for " + value.getClass());
        }
    }

    private void integer(long number) {
        if (number <= -LIMIT || number >= LIMIT) {
            throw new IllegalArgumentException(number + " is not below 2^53");
        }
        out.append(number);
    }

    private void list(List<?> list) {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            out.append(i == 0 ? "" : ",");
            value(list.get(i));
        }
        out.append(']');
    }

    private void map(Map<?, ?> map) {
        // String order is UTF-16 code unit order, as RFC 8785 section 3.2.3 sorts.
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put((String) key, value));
        out.append('{');
        boolean first = true;
        for (Map.Entry<String, Object> entry : sorted.entrySet()) {
            out.append(first ? "" : ",");
            first = false;
            string(entry.getKey());
            out.append(':');
            value(entry.getValue());
        }
        out.append('}');
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
