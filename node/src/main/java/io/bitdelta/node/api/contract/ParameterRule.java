package io.bitdelta.node.api.contract;

import io.vertx.core.json.JsonArray;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of an operation.
 *
 * @param in {@code path}, {@code query} or {@code header}
 * @param name as the contract spells it
 * @param required whether it must be there
 * @param schema of type string, integer, boolean, or array of strings
 * @param otherwise the schema's default
 */
public record ParameterRule(String in, String name, boolean required, SchemaRule schema, Optional<String> otherwise) {
    /** More digits than any number of this API has. */
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,18})");

    /** Whether it may be given more than once. */
    public boolean many() {
        return "array".equals(schema.type());
    }

    /** What is wrong with these values, which were decoded; there is at least one. */
    public List<Violation> check(List<String> values) {
        if (many()) {
            return schema.check(new JsonArray(List.copyOf(values)));
        }
        if (values.size() > 1) {
            return List.of(new Violation("", "is given %d times; once is enough".formatted(values.size())));
        }
        Object typed = typed(values.getFirst());
        return typed == null ? List.of(new Violation("", "is no " + schema.type())) : schema.check(typed);
    }

    private @Nullable Object typed(String text) {
        return switch (schema.type()) {
            case "integer" -> INTEGER.matcher(text).matches() ? new BigInteger(text) : null;
            case "boolean" -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
            default -> text;
        };
    }
}
