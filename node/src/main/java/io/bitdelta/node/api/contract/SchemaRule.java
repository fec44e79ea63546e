package io.bitdelta.node.api.contract;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A JSON schema (draft 2020-12), ready to check values. Thread-safe. */
public final class SchemaRule {
    private static final JsonSchemaOptions OPTIONS = new JsonSchemaOptions()
            .setDraft(Draft.DRAFT202012)
            .setBaseUri("app://contract")
            .setOutputFormat(OutputFormat.Basic);

    private static final int MOST_VIOLATIONS = 20;

    private static final Pattern MISSING = Pattern.compile("Instance does not have required property \"(.*)\"");
    private static final Pattern UNKNOWN = Pattern.compile(
            "Property \"(.*)\" does not match (additional|unevaluated) properties schema", Pattern.DOTALL);
    /** Said of the outer value when an inner one is wrong, which says so itself. */
    private static final Pattern OUTER = Pattern.compile(
            "Property \".*\" does not match schema|Items did not match schema|A sub-?schema had errors"
                    + "|Instance does not match every subschema",
            Pattern.DOTALL);

    /** What a schema of a plain text says; one that says more is the validator's alone. */
    private static final Set<String> OF_TEXTS =
            Set.of("type", "pattern", "minLength", "maxLength", "description", "title", "example", "examples");

    private final JsonNode schema;
    private final Validator validator;
    private final @Nullable TextRule text;

    /** @param schema without references */
    SchemaRule(JsonNode schema) {
        this.schema = schema;
        JsonNode inJava = javaPatterns(schema);
        this.validator = Validator.create(JsonSchema.of((JsonObject) value(inJava)), OPTIONS);
        this.text = TextRule.of(inJava);
    }

    /** Texts are most of what is checked, and a validator compiles a pattern anew each time: they are let through faster. */
    private record TextRule(@Nullable Pattern pattern, int least, int most) {
        static @Nullable TextRule of(JsonNode schema) {
            boolean plain = schema.path("type").stringValue("").equals("string")
                    && schema.propertyNames().stream().allMatch(OF_TEXTS::contains);
            String pattern = schema.path("pattern").stringValue("");
            return plain
                    ? new TextRule(
                            pattern.isEmpty() ? null : Pattern.compile(pattern),
                            schema.path("minLength").intValue(0),
                            schema.path("maxLength").intValue(Integer.MAX_VALUE))
                    : null;
        }

        boolean admits(String value) {
            int length = value.codePointCount(0, value.length());
            return length >= least
                    && length <= most
                    && (pattern == null || pattern.matcher(value).find());
        }
    }

    /** The schema itself. */
    public JsonNode schema() {
        return schema;
    }

    /** The schema's {@code type}, if it names one. */
    String type() {
        return schema.path("type").stringValue("");
    }

    /** Where the value breaks the schema; empty when it does not. */
    public List<Violation> check(JsonNode json) {
        return check(value(json));
    }

    /** The same for a value in Java's types: strings, numbers, booleans, {@code JsonObject}, {@code JsonArray}. */
    List<Violation> check(@Nullable Object value) {
        if (text != null && value instanceof String string && text.admits(string)) {
            return List.of();
        }
        OutputUnit result = validator.validate(value);
        if (Boolean.TRUE.equals(result.getValid())) {
            return List.of();
        }
        List<Violation> all = new ArrayList<>();
        List<Violation> unknown = new ArrayList<>();
        List<OutputUnit> errors = result.getErrors() == null ? List.of() : result.getErrors();
        for (OutputUnit error : errors) {
            String said = error.getError() == null ? "is not allowed" : error.getError();
            if (OUTER.matcher(said).matches() || all.size() == MOST_VIOLATIONS) {
                continue;
            }
            Violation violation = violation(pointer(error.getInstanceLocation()), said);
            List<Violation> target = UNKNOWN.matcher(said).matches() ? unknown : all;
            if (!target.contains(violation)) {
                target.add(violation);
            }
        }
        // The validator calls a known property unknown when its value is wrong.
        unknown.removeIf(each -> all.stream()
                .anyMatch(known -> known.pointer().equals(each.pointer())
                        || known.pointer().startsWith(each.pointer() + "/")));
        all.addAll(unknown);
        return all.isEmpty() ? List.of(new Violation("", "does not match its schema")) : all;
    }

    private static Violation violation(String pointer, String said) {
        Matcher missing = MISSING.matcher(said);
        if (missing.matches()) {
            return new Violation(pointer + "/" + escape(missing.group(1)), "is required");
        }
        Matcher unknown = UNKNOWN.matcher(said);
        if (unknown.matches()) {
            return new Violation(pointer, "is no property that is known here");
        }
        return new Violation(pointer, said.replace("Instance type", "type").replace("Instance", "value"));
    }

    private static String pointer(@Nullable String location) {
        return location == null ? "" : location.startsWith("#") ? location.substring(1) : location;
    }

    private static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** ECMA-262's {@code $} is the end of the text; Java's also matches before a last line break. */
    private static JsonNode javaPatterns(JsonNode schema) {
        JsonNode copy = schema.deepCopy();
        copy.findParents("pattern").forEach(node -> {
            JsonNode pattern = node.path("pattern");
            if (pattern.isString() && pattern.stringValue().endsWith("$")) {
                String text = pattern.stringValue();
                ((ObjectNode) node).put("pattern", text.substring(0, text.length() - 1) + "\\z");
            }
        });
        return copy;
    }

    /** A tree in the types that the validator knows. */
    static @Nullable Object value(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                object.properties().forEach(entry -> map.put(entry.getKey(), value(entry.getValue())));
                yield new JsonObject(map);
            }
            case ArrayNode array -> {
                List<@Nullable Object> list = new ArrayList<>(array.size());
                array.forEach(element -> list.add(value(element)));
                yield new JsonArray(list);
            }
            default -> scalar(node);
        };
    }

    private static @Nullable Object scalar(JsonNode node) {
        if (node.isString()) {
            return node.stringValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNumber() ? node.numberValue() : null;
    }
}
