package io.bitdelta.attestation.json;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.YamlUnicodeReader;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/**
 * Reads one YAML 1.2 document of the values that JSON has here: objects, arrays, strings, integers, booleans. Anchors,
 * aliases, tags of its own, duplicate keys, null and fractions are refused.
 */
public final class YamlText {
    private YamlText() {}

    /**
     * Parses.
     *
     * @throws JsonException when malformed, too long, or with values that JSON has not here
     */
    public static JsonValue read(byte[] bytes, int maxBytes) {
        if (bytes.length > maxBytes) {
            throw new JsonException("YAML of " + bytes.length + " bytes is longer than " + maxBytes);
        }
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new JsonSchema())
                .setAllowDuplicateKeys(false)
                .setAllowRecursiveKeys(false)
                .setMaxAliasesForCollections(0)
                .setCodePointLimit(maxBytes)
                .build();
        try {
            refuseReferencesAndDepth(new ParserImpl(
                    settings, new StreamReader(settings, new YamlUnicodeReader(new ByteArrayInputStream(bytes)))));
            return value(new Load(settings).loadFromInputStream(new ByteArrayInputStream(bytes)), "YAML");
        } catch (YamlEngineException | IllegalArgumentException e) {
            // The second one is how the library refuses some tags.
            String message = e.getMessage() == null ? "" : e.getMessage().replaceAll("\\s+", " ");
            throw new JsonException("YAML: " + message, e);
        }
    }

    /** Before anything is built: the builder follows the nesting with its own stack. */
    private static void refuseReferencesAndDepth(Iterator<Event> events) {
        int depth = 0;
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof AliasEvent
                    || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
                throw new JsonException("YAML: anchors and aliases are refused");
            }
            depth += switch (event.getEventId()) {
                case MappingStart, SequenceStart -> 1;
                case MappingEnd, SequenceEnd -> -1;
                default -> 0;
            };
            if (depth > CanonicalJson.MAX_DEPTH) {
                throw new JsonException("YAML is nested deeper than " + CanonicalJson.MAX_DEPTH);
            }
        }
    }

    private static JsonValue value(@Nullable Object loaded, String at) {
        return switch (loaded) {
            case String text -> JsonValue.text(text);
            case Boolean bool -> JsonValue.bool(bool);
            case Integer whole -> JsonValue.whole(whole);
            case Long whole -> JsonValue.whole(whole);
            case List<?> list -> {
                List<JsonValue> items = new ArrayList<>();
                list.forEach(item -> items.add(value(item, at + "[]")));
                yield new JsonValue.Items(items);
            }
            case Map<?, ?> map -> {
                TreeMap<String, JsonValue> members = new TreeMap<>();
                map.forEach((key, item) -> {
                    if (!(key instanceof String name)) {
                        throw new JsonException(at + ": the key " + key + " is no string; quote it");
                    }
                    members.put(name, value(item, at + "." + name));
                });
                yield new JsonValue.Members(members);
            }
            case null -> throw new JsonException(at + ": a value is missing");
            default ->
                throw new JsonException(
                        at + ": " + loaded + " is neither string, integer, boolean, array nor object; quote it");
        };
    }
}
