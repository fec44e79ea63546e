package io.bitdelta.attestation.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The JSON values that the formats allow: no null, no floats, integers of magnitude below 2^53. */
public sealed interface JsonValue {
    /** The exclusive bound of integers, 2^53. */
    long INTEGER_BOUND = 1L << 53;

    /**
     * Text without lone surrogates.
     *
     * @param value the characters
     */
    record Text(String value) implements JsonValue {
        /** Refuses text that has no UTF-8 form. */
        public Text {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (Character.isHighSurrogate(c)
                        && i + 1 < value.length()
                        && Character.isLowSurrogate(value.charAt(i + 1))) {
                    i++;
                } else if (Character.isSurrogate(c)) {
                    throw new JsonException("lone surrogate at character " + i + " of a string");
                }
            }
        }
    }

    /**
     * An integer, -2^53 &lt; value &lt; 2^53.
     *
     * @param value the number
     */
    record Whole(long value) implements JsonValue {
        /** Refuses integers that a binary64 reader would round. */
        public Whole {
            if (value <= -INTEGER_BOUND || value >= INTEGER_BOUND) {
                throw new JsonException("integer " + value + " is not below 2^53 in magnitude");
            }
        }
    }

    /**
     * A boolean.
     *
     * @param value the truth
     */
    record Bool(boolean value) implements JsonValue {}

    /**
     * An array.
     *
     * @param items in order
     */
    record Items(List<JsonValue> items) implements JsonValue {
        /** Copies. */
        public Items {
            items = List.copyOf(items);
        }
    }

    /**
     * An object; keys ascend by UTF-16 code units as RFC 8785 asks.
     *
     * @param members by key
     */
    record Members(SortedMap<String, JsonValue> members) implements JsonValue {
        /** Copies. */
        public Members {
            // A plain TreeMap drops a foreign comparator: String's own order is that of UTF-16 code units.
            members = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, JsonValue>) members));
        }
    }

    /** Text. */
    static JsonValue text(String value) {
        return new Text(value);
    }

    /** An integer. */
    static JsonValue whole(long value) {
        return new Whole(value);
    }

    /** A boolean. */
    static JsonValue bool(boolean value) {
        return new Bool(value);
    }

    /** An array of texts. */
    static JsonValue texts(List<String> values) {
        List<JsonValue> items = new ArrayList<>(values.size());
        values.forEach(value -> items.add(text(value)));
        return new Items(items);
    }
}
