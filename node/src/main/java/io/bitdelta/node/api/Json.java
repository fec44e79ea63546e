package io.bitdelta.node.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON as this API reads and writes it: bounded and without ambiguities in, properties without a value left out. */
final class Json {
    /** No request needs more; deeper ones exist to exhaust a stack. */
    private static final int MAX_DEPTH = 32;

    /** Digits of 2^256, with room for a sign. */
    private static final int MAX_NUMBER = 80;

    private static final int MAX_NAME = 256;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER)
                            .maxNameLength(MAX_NAME)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .build();

    private Json() {}

    /**
     * Reads a body.
     *
     * @throws Problem 400 when it is no JSON text in UTF-8, too deep, or ambiguous
     */
    static JsonNode read(byte[] body) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw Problem.of(400, "malformed-body", "the body is not UTF-8");
        }
        try {
            JsonNode tree = MAPPER.readTree(text);
            if (tree == null || tree.isMissingNode()) {
                throw Problem.of(400, "malformed-body", "the body is empty");
            }
            return tree;
        } catch (JacksonException malformed) {
            String where = malformed.getLocation() == null
                    ? ""
                    : " at line %d, column %d"
                            .formatted(
                                    malformed.getLocation().getLineNr(),
                                    malformed.getLocation().getColumnNr());
            throw Problem.of(
                    400,
                    "malformed-body",
                    "the body is no JSON that is taken here%s: %s".formatted(where, firstLine(malformed)));
        }
    }

    /**
     * A tree as a value.
     *
     * @throws Problem 400 naming the property
     */
    static <T> T value(JsonNode tree, Class<T> type) {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JacksonException refused) {
            StringBuilder pointer = new StringBuilder();
            for (JacksonException.Reference step : refused.getPath()) {
                pointer.append('/')
                        .append(step.getPropertyName() == null ? "" + step.getIndex() : step.getPropertyName());
            }
            Throwable reason = refused.getCause() instanceof IllegalArgumentException cause ? cause : refused;
            throw Problem.invalid("body", pointer.toString(), firstLine(reason));
        }
    }

    static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    private static String firstLine(Throwable failure) {
        String said = failure instanceof JacksonException json ? json.getOriginalMessage() : failure.getMessage();
        return said == null ? "unusable" : said.lines().findFirst().orElse("unusable");
    }
}
