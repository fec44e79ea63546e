package io.bitdelta.node.api.contract;

import io.bitdelta.node.auth.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The OpenAPI document, read once. Immutable. */
public final class Contract {
    private static final String RESOURCE = "/io/bitdelta/node/api/openapi.yaml";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    private static final long DEFAULT_MAX_BYTES = 64 << 10;

    private final ObjectNode document;
    private final List<Endpoint> endpoints;
    private final RouteTable routes;

    private Contract(ObjectNode document) {
        this.document = document;
        List<Endpoint> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                if (METHODS.contains(operation.getKey())) {
                    all.add(endpoint(path.getKey(), path.getValue(), operation.getKey(), operation.getValue()));
                }
            }
        }
        this.endpoints = List.copyOf(all);
        this.routes = new RouteTable(endpoints);
        if (endpoints.stream().map(Endpoint::operationId).distinct().count() != endpoints.size()) {
            throw new ContractException("an operationId stands twice");
        }
    }

    /** The document that this program carries. */
    public static Contract load() {
        try (InputStream in = Objects.requireNonNull(Contract.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return of(in.readAllBytes());
        } catch (IOException unreadable) {
            throw new ContractException(RESOURCE + " cannot be read: " + unreadable.getMessage());
        }
    }

    /**
     * A document.
     *
     * @param yaml OpenAPI 3.1
     * @throws ContractException naming the place that is wrong
     */
    public static Contract of(byte[] yaml) {
        return new Contract((ObjectNode) new YAMLMapper().readTree(yaml));
    }

    /** The document as it was written, references included. */
    public ObjectNode document() {
        return document.deepCopy();
    }

    /** Every operation, in the document's order. */
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    /** Finds operations by path. */
    public RouteTable routes() {
        return routes;
    }

    /** A node of the document with every reference in it replaced by what it refers to. */
    public JsonNode resolved(JsonNode node) {
        return resolve(node, new ArrayDeque<>());
    }

    private Endpoint endpoint(String path, JsonNode pathItem, String method, JsonNode operation) {
        String where = method.toUpperCase(Locale.ROOT) + " " + path;
        String id = operation.path("operationId").stringValue("");
        if (id.isEmpty()) {
            throw new ContractException(where + ": no operationId");
        }
        List<ParameterRule> parameters = new ArrayList<>();
        for (JsonNode source : List.of(pathItem.path("parameters"), operation.path("parameters"))) {
            source.forEach(parameter -> parameters.add(parameter(where, resolved(parameter))));
        }
        Map<String, Map<String, Optional<SchemaRule>>> responses = responses(resolved(operation.path("responses")));
        return new Endpoint(
                id,
                method.toUpperCase(Locale.ROOT),
                path,
                access(where, operation),
                inTemplateOrder(where, path, parameters),
                operation.has("requestBody") ? Optional.of(body(where, operation)) : Optional.empty(),
                responses,
                responses.entrySet().stream()
                        .filter(response -> response.getKey().startsWith("2"))
                        .flatMap(response -> response.getValue().keySet().stream())
                        .distinct()
                        .toList());
    }

    /** Path parameters first, as the template has them: the route table tells values by position. */
    private static List<ParameterRule> inTemplateOrder(String where, String path, List<ParameterRule> parameters) {
        List<ParameterRule> ordered = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (segment.startsWith("{")) {
                String name = segment.substring(1, segment.length() - 1);
                ordered.add(parameters.stream()
                        .filter(parameter -> parameter.in().equals("path")
                                && parameter.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new ContractException(where + ": {" + name + "} is not described")));
            }
        }
        parameters.stream().filter(parameter -> !parameter.in().equals("path")).forEach(ordered::add);
        return ordered;
    }

    private static ParameterRule parameter(String where, JsonNode parameter) {
        String name = parameter.path("name").stringValue("");
        String in = parameter.path("in").stringValue("");
        if (!Set.of("path", "query", "header").contains(in)) {
            throw new ContractException("%s: parameter %s is in \"%s\"".formatted(where, name, in));
        }
        JsonNode schema = parameter.path("schema");
        if (!Set.of("string", "integer", "boolean", "array")
                .contains(schema.path("type").stringValue(""))) {
            throw new ContractException(
                    "%s: parameter %s is no string, integer, boolean or array".formatted(where, name));
        }
        JsonNode otherwise = schema.path("default");
        return new ParameterRule(
                in,
                name,
                parameter.path("required").booleanValue(false),
                new SchemaRule(schema),
                otherwise.isMissingNode() ? Optional.empty() : Optional.of(otherwise.asString()));
    }

    private BodyRule body(String where, JsonNode operation) {
        JsonNode body = resolved(operation.path("requestBody"));
        Map<String, SchemaRule> types = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> type : body.path("content").properties()) {
            types.put(type.getKey(), new SchemaRule(type.getValue().path("schema")));
        }
        if (types.isEmpty()) {
            throw new ContractException(where + ": a body without a content type");
        }
        return new BodyRule(
                body.path("required").booleanValue(false),
                types,
                operation.path("x-max-bytes").longValue(DEFAULT_MAX_BYTES));
    }

    private static Map<String, Map<String, Optional<SchemaRule>>> responses(JsonNode responses) {
        Map<String, Map<String, Optional<SchemaRule>>> all = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> response : responses.properties()) {
            Map<String, Optional<SchemaRule>> types = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> type :
                    response.getValue().path("content").properties()) {
                JsonNode schema = type.getValue().path("schema");
                types.put(type.getKey(), schema.isObject() ? Optional.of(new SchemaRule(schema)) : Optional.empty());
            }
            all.put(response.getKey(), types);
        }
        return all;
    }

    private static Access access(String where, JsonNode operation) {
        String word = operation.path("x-access").stringValue("");
        Access.Level level;
        try {
            level = Access.Level.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new ContractException("%s: x-access is \"%s\"".formatted(where, word));
        }
        Set<Scope> scopes = operation
                .path("x-scopes")
                .valueStream()
                .map(scope -> Scope.of(scope.stringValue("")))
                .collect(Collectors.toSet());
        JsonNode owner = operation.path("x-owner");
        boolean open = operation.path("security").isArray()
                && operation.path("security").isEmpty();
        if (open != (level == Access.Level.PUBLIC)) {
            throw new ContractException(where + ": \"security: []\" stands with x-access: public, and only there");
        }
        return new Access(
                level,
                scopes,
                owner.isObject()
                        ? Optional.of(new Access.OwnerField(
                                owner.path("in").stringValue(""),
                                owner.path("name").stringValue("")))
                        : Optional.empty());
    }

    private JsonNode resolve(JsonNode node, Deque<String> open) {
        return switch (node) {
            case ObjectNode object -> {
                if (object.path("$ref").isString()) {
                    yield referred(object, open);
                }
                ObjectNode copy = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(entry -> copy.set(entry.getKey(), resolve(entry.getValue(), open)));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = JsonNodeFactory.instance.arrayNode();
                array.forEach(element -> copy.add(resolve(element, open)));
                yield copy;
            }
            default -> node;
        };
    }

    private JsonNode referred(ObjectNode object, Deque<String> open) {
        String reference = object.path("$ref").stringValue();
        if (!reference.startsWith("#/") || object.size() != 1) {
            throw new ContractException("%s: only #/... and nothing beside it".formatted(reference));
        }
        if (open.contains(reference)) {
            throw new ContractException(reference + " refers to itself");
        }
        JsonNode target = document.at(reference.substring(1));
        if (target.isMissingNode()) {
            throw new ContractException(reference + " refers to nothing");
        }
        open.push(reference);
        JsonNode resolved = resolve(target, open);
        open.pop();
        return resolved;
    }
}
