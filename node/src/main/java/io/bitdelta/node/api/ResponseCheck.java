package io.bitdelta.node.api;

import io.bitdelta.node.api.contract.Endpoint;
import io.bitdelta.node.api.contract.SchemaRule;
import io.bitdelta.node.api.contract.Violation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Holds answers against the contract; on while developing and testing, for a schema costs more than the answer. */
final class ResponseCheck {
    private ResponseCheck() {}

    /** @throws ContractBrokenException when the contract does not declare such an answer */
    static void check(Endpoint endpoint, Reply reply) {
        switch (reply.body()) {
            case Reply.Nothing nothing -> types(endpoint, reply.status());
            case Reply.Json json -> json(endpoint, reply.status(), json.mediaType(), Json.tree(json.value()));
            case Reply.Bytes bytes -> declared(endpoint, reply.status(), bytes.mediaType());
            case Reply.Stream stream -> declared(endpoint, reply.status(), stream.mediaType());
            case Reply.Events events -> declared(endpoint, reply.status(), "text/event-stream");
        }
    }

    /** The same for a refusal. */
    static void check(Endpoint endpoint, Problem problem) {
        json(endpoint, problem.status(), Problem.MEDIA_TYPE, Json.tree(problem.document("test")));
    }

    private static void json(Endpoint endpoint, int status, String mediaType, JsonNode value) {
        Optional<SchemaRule> schema = declared(endpoint, status, mediaType);
        if (schema.isEmpty()) {
            return;
        }
        List<Violation> violations = schema.get().check(value);
        if (!violations.isEmpty()) {
            throw new ContractBrokenException("%s answers %d with a body whose %s %s"
                    .formatted(
                            endpoint.operationId(),
                            status,
                            violations.getFirst().pointer(),
                            violations.getFirst().detail()));
        }
    }

    private static Optional<SchemaRule> declared(Endpoint endpoint, int status, String mediaType) {
        Map<String, Optional<SchemaRule>> types = types(endpoint, status);
        Optional<SchemaRule> schema = types.get(MediaTypes.essence(mediaType));
        if (schema == null) {
            throw new ContractBrokenException("%s answers %d with %s, the contract says %s"
                    .formatted(endpoint.operationId(), status, mediaType, types.keySet()));
        }
        return schema;
    }

    private static Map<String, Optional<SchemaRule>> types(Endpoint endpoint, int status) {
        Map<String, Optional<SchemaRule>> types = endpoint.responses().get(Integer.toString(status));
        if (types == null && status >= 400) {
            types = endpoint.responses().get("default");
        }
        if (types == null) {
            throw new ContractBrokenException(
                    "%s answers %d, which the contract does not declare".formatted(endpoint.operationId(), status));
        }
        return types;
    }
}
