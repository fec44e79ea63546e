package io.bitdelta.node.api.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Values made from schemas: one that is right, and for each way of being wrong one that is. */
public final class Samples {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** What each of the contract's patterns takes; a new pattern without an example in the contract fails here. */
    private static final Map<String, String> BY_PATTERN = Map.ofEntries(
            Map.entry("^0x[0-9a-f]{64}$", "0x" + "ab".repeat(32)),
            Map.entry("^0x[0-9a-fA-F]{40}$", "0x" + "11".repeat(20)),
            Map.entry("^did:lux:[1-9][0-9]{0,18}:0x[0-9a-fA-F]{40}$", "did:lux:31337:0x" + "11".repeat(20)),
            Map.entry("^b[a-z2-7]{8,120}$", "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"),
            Map.entry("^(0|[1-9][0-9]{0,77})$", "1"),
            Map.entry("^0x([0-9a-fA-F]{2}){1,2048}$", "0x" + "22".repeat(65)),
            Map.entry("^0x[0-9a-fA-F]{130}$", "0x" + "22".repeat(65)),
            Map.entry("^(0x[0-9a-f]{64}|b[a-z2-7]{8,120})$", "0x" + "ab".repeat(32)),
            Map.entry("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", "6f1c7f0e-5c0a-4a3e-9d56-1f4a4f1f2a11"),
            Map.entry("^[!-~]{1,200}$", "key-1"),
            Map.entry("^[!-~]{1,128}$", "key-1"),
            Map.entry(
                    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?Z$", "2026-11-01T00:00:00Z"),
            Map.entry("^[A-Za-z0-9]{8,128}$", "abcdefgh"),
            Map.entry("^-?(0|[1-9][0-9]{0,77})$", "1"),
            Map.entry("^[1-9][0-9]{0,38}$", "1"),
            Map.entry("^(0|[1-9][0-9]{0,38})$", "1"),
            Map.entry("^0x([0-9a-f]{2})*$", "0x"),
            Map.entry("^[0-9]{1,20}$", "1"),
            Map.entry("^[0-9]{1,9}$", "1"));

    private Samples() {}

    /** A value that matches. */
    public static JsonNode right(JsonNode schema) {
        JsonNode value = make(schema);
        if (!new SchemaRule(schema).check(value).isEmpty()) {
            throw new AssertionError("no sample for %s: give the contract an example there".formatted(schema));
        }
        return value;
    }

    private static JsonNode make(JsonNode schema) {
        if (schema.has("example")) {
            return schema.path("example");
        }
        if (schema.has("const")) {
            return schema.path("const");
        }
        if (schema.path("enum").isArray()) {
            return schema.path("enum").path(0);
        }
        for (String choice : new String[] {"oneOf", "anyOf"}) {
            if (schema.path(choice).isArray()) {
                return make(schema.path(choice).path(0));
            }
        }
        return switch (schema.path("type").stringValue("string")) {
            case "integer", "number" -> JSON.numberNode(schema.path("minimum").longValue(1));
            case "boolean" -> JSON.booleanNode(true);
            case "array" -> array(schema);
            case "object" -> object(schema);
            default -> JSON.stringNode(text(schema));
        };
    }

    private static String text(JsonNode schema) {
        String pattern = schema.path("pattern").stringValue("");
        return BY_PATTERN.getOrDefault(
                pattern, "a".repeat(Math.max(1, schema.path("minLength").intValue(1))));
    }

    private static ArrayNode array(JsonNode schema) {
        ArrayNode array = JSON.arrayNode();
        for (int i = 0; i < Math.max(1, schema.path("minItems").intValue(1)); i++) {
            array.add(make(schema.path("items")));
        }
        return array;
    }

    private static ObjectNode object(JsonNode schema) {
        ObjectNode object = JSON.objectNode();
        schema.path("required")
                .forEach(name -> object.set(
                        name.stringValue(), make(schema.path("properties").path(name.stringValue()))));
        return object;
    }

    /** Objects that break the schema, by the pointer of what is wrong with them. */
    public static Map<String, JsonNode> wrong(JsonNode schema) {
        Map<String, JsonNode> wrong = new LinkedHashMap<>();
        ObjectNode base = (ObjectNode) right(schema);
        schema.path("required").forEach(name -> {
            ObjectNode without = base.deepCopy();
            without.remove(name.stringValue());
            wrong.put("/" + name.stringValue(), without);
        });
        schema.path("properties").properties().forEach(property -> {
            ObjectNode bad = base.deepCopy();
            bad.set(property.getKey(), bad(property.getValue()));
            wrong.put("/" + property.getKey(), bad);
        });
        if (schema.path("additionalProperties").isBoolean()) {
            wrong.put("/unknownProperty", base.deepCopy().put("unknownProperty", 1));
        }
        return wrong;
    }

    /** A value that no schema of this kind takes. */
    private static JsonNode bad(JsonNode schema) {
        boolean takesText = schema.path("type").stringValue("").equals("string");
        return takesText ? JSON.numberNode(7) : JSON.stringNode("\u0007 nothing like it");
    }

    /** The text of a parameter that breaks its schema. */
    public static String wrongText(JsonNode schema) {
        return switch (schema.path("type").stringValue("")) {
            case "integer", "boolean" -> "nope";
            case "array" -> "x".repeat(3000);
            default -> "!".repeat(schema.path("maxLength").intValue(2000) + 1);
        };
    }

    /** Whether a string schema bounds its length, by a number, a pattern or a list. */
    public static boolean bounded(JsonNode schema) {
        return schema.has("maxLength") || schema.has("enum") || schema.has("pattern");
    }
}
