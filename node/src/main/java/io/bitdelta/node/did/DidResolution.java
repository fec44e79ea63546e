package io.bitdelta.node.did;

import java.util.LinkedHashMap;
import java.util.Map;

/** What became of resolving a DID. */
public sealed interface DidResolution {
    /** Media type of a whole result. */
    String RESULT_TYPE = "application/did-resolution";

    /** Media type of a document alone. */
    String DOCUMENT_TYPE = "application/did";

    /** Status of the HTTP binding. */
    int status();

    /** The result of the HTTP binding: document, resolution metadata, document metadata. */
    Map<String, Object> result();

    /**
     * A document.
     *
     * @param document JSON members in order
     * @param metadata of the document
     * @param goodUntil Unix seconds from which the same question has another answer without any event, because a delegate
     *     or attribute ends; {@link Long#MAX_VALUE} for never
     */
    record Resolved(Map<String, Object> document, Map<String, Object> metadata, long goodUntil)
            implements DidResolution {
        /** Whether the identity was ended; its document names nobody. */
        public boolean deactivated() {
            return Boolean.TRUE.equals(metadata.get("deactivated"));
        }

        @Override
        public int status() {
            return deactivated() ? 410 : 200;
        }

        @Override
        public Map<String, Object> result() {
            return members(document, Map.of("contentType", DOCUMENT_TYPE), metadata);
        }
    }

    /**
     * No document.
     *
     * @param kind of the standard
     * @param detail what and why, for people
     */
    record Failed(DidErrorKind kind, String detail) implements DidResolution {
        @Override
        public int status() {
            return kind.status();
        }

        @Override
        public Map<String, Object> result() {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("type", kind.type());
            error.put("title", kind.title());
            error.put("detail", detail);
            return members(null, Map.of("error", error), Map.of());
        }
    }

    private static Map<String, Object> members(
            @org.jspecify.annotations.Nullable Object document,
            Map<String, Object> resolutionMetadata,
            Map<String, Object> documentMetadata) {
        Map<String, @org.jspecify.annotations.Nullable Object> result = new LinkedHashMap<>();
        result.put("@context", "https://w3id.org/did-resolution/v1");
        result.put("didDocument", document);
        result.put("didResolutionMetadata", resolutionMetadata);
        result.put("didDocumentMetadata", documentMetadata);
        @SuppressWarnings("NullAway") // a result without a document says so with null
        Map<String, Object> members = result;
        return members;
    }
}
