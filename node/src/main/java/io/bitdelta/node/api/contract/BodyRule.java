package io.bitdelta.node.api.contract;

import java.util.Map;

/**
 * The body of an operation's requests.
 *
 * @param required whether it must be there
 * @param types media type to schema; {@code multipart/form-data} has one of type object whose properties are the parts
 * @param maxBytes of the whole body
 */
public record BodyRule(boolean required, Map<String, SchemaRule> types, long maxBytes) {
    /** The media type of a form with files. */
    public static final String MULTIPART = "multipart/form-data";

    /** Keeps a copy of the types. */
    public BodyRule {
        types = Map.copyOf(types);
    }
}
