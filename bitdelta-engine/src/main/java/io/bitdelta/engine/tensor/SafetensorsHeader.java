package io.bitdelta.engine.tensor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON header of a safetensors file, checked: every entry lies inside the data section, has as many bytes as its
 * dtype and shape say, and no two overlap.
 *
 * @param metadata the texts of {@code __metadata__}, in the file's order
 * @param entries the tensors, in the file's order
 */
public record SafetensorsHeader(Map<String, String> metadata, List<Entry> entries) {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNumberLength(32)
                    .maxNameLength(1 << 16)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** Copies both collections. */
    public SafetensorsHeader {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        entries = List.copyOf(entries);
    }

    /**
     * One tensor's entry.
     *
     * @param name tensor name
     * @param dtype element type
     * @param shape dimensions
     * @param begin first byte, counted from the start of the data section
     * @param end one past its last byte
     */
    public record Entry(String name, Dtype dtype, Shape shape, long begin, long end) {}

    /**
     * Parses the header text.
     *
     * @param file for messages
     * @param json the header, without its length prefix; trailing spaces are allowed
     * @param dataBytes the length of the data section
     * @throws MalformedSafetensorsException if the text is not a header or an entry does not fit the data
     * @throws UnknownDtypeException if an entry has an unknown dtype
     */
    public static SafetensorsHeader parse(Path file, byte[] json, long dataBytes) {
        Reader reader = new Reader(file, dataBytes);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            reader.header(parser);
        } catch (JacksonException e) {
            throw new MalformedSafetensorsException(file, "the header is not JSON: " + e.getOriginalMessage(), e);
        }
        reader.refuseOverlap();
        return new SafetensorsHeader(reader.metadata, reader.entries);
    }

    /** One parse, top to bottom. */
    private static final class Reader {
        private final Path file;
        private final long dataBytes;
        private final Map<String, String> metadata = new TreeMap<>();
        private final List<Entry> entries = new ArrayList<>();

        Reader(Path file, long dataBytes) {
            this.file = file;
            this.dataBytes = dataBytes;
        }

        void header(JsonParser parser) {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                if (name.equals("__metadata__")) {
                    metadata(parser);
                } else {
                    entries.add(entry(parser, name));
                }
            }
            expect(parser.currentToken(), JsonToken.END_OBJECT, "the end of the header");
            if (parser.nextToken() != null) {
                throw bad("there is text after the header's closing brace");
            }
        }

        private void metadata(JsonParser parser) {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "__metadata__");
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                expect(parser.nextToken(), JsonToken.VALUE_STRING, "__metadata__ " + key);
                metadata.put(key, parser.getString());
            }
        }

        private Entry entry(JsonParser parser, String name) {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "tensor " + name);
            String dtypeName = null;
            Shape shape = null;
            long[] offsets = null;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                parser.nextToken();
                switch (key) {
                    case "dtype" -> {
                        expect(parser.currentToken(), JsonToken.VALUE_STRING, "dtype of " + name);
                        dtypeName = parser.getString();
                    }
                    case "shape" -> shape = shape(parser, name);
                    case "data_offsets" -> offsets = numbers(parser, "data_offsets of " + name, 2);
                    default -> throw bad("tensor " + name + " has the unknown key " + key);
                }
            }
            if (dtypeName == null || shape == null || offsets == null || offsets.length != 2) {
                throw bad("tensor " + name + " lacks dtype, shape or two data_offsets");
            }
            return checked(name, dtypeName, shape, offsets);
        }

        private Entry checked(String name, String dtypeName, Shape shape, long[] offsets) {
            Dtype dtype = Dtype.named(dtypeName).orElseThrow(() -> new UnknownDtypeException(file, name, dtypeName));
            long begin = offsets[0];
            long end = offsets[1];
            if (begin > end || end > dataBytes) {
                throw bad("tensor %s has data_offsets [%d,%d] but the data section has %d bytes%s"
                        .formatted(name, begin, end, dataBytes, end > dataBytes ? "; the file is truncated" : ""));
            }
            long count = shape.count();
            if (count > Long.MAX_VALUE / dtype.width() || count * dtype.width() != end - begin) {
                throw bad("tensor %s has shape %s of %s but %d bytes at offset %d"
                        .formatted(name, shape, dtype, end - begin, begin));
            }
            return new Entry(name, dtype, shape, begin, end);
        }

        private Shape shape(JsonParser parser, String name) {
            long[] dims = numbers(parser, "shape of " + name, Shape.MAX_RANK);
            try {
                return Shape.of(dims);
            } catch (IllegalArgumentException e) {
                throw new MalformedSafetensorsException(file, "shape of " + name + ": " + e.getMessage(), e);
            }
        }

        private long[] numbers(JsonParser parser, String what, int atMost) {
            expect(parser.currentToken(), JsonToken.START_ARRAY, what);
            long[] numbers = new long[atMost];
            int count = 0;
            while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                if (count == atMost) {
                    throw bad(what + " has more than " + atMost + " numbers");
                }
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER || parser.getLongValue() < 0) {
                    throw bad(what + " holds a number outside 0..2^63-1");
                }
                numbers[count++] = parser.getLongValue();
            }
            expect(parser.currentToken(), JsonToken.END_ARRAY, what);
            return Arrays.copyOf(numbers, count);
        }

        void refuseOverlap() {
            List<Entry> byOffset = new ArrayList<>(entries);
            byOffset.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
            for (int i = 1; i < byOffset.size(); i++) {
                Entry before = byOffset.get(i - 1);
                Entry after = byOffset.get(i);
                if (after.begin() < before.end()) {
                    throw bad("tensors %s and %s overlap at offset %d"
                            .formatted(before.name(), after.name(), after.begin()));
                }
            }
        }

        private void expect(@Nullable JsonToken actual, JsonToken expected, String where) {
            if (actual != expected) {
                throw bad(where + ": expected " + expected + " but found " + actual);
            }
        }

        private MalformedSafetensorsException bad(String what) {
            return new MalformedSafetensorsException(file, what);
        }
    }
}
