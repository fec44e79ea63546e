package io.bitdelta.node.api;

import io.bitdelta.node.auth.Principal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** A checked request. */
record ContractCall(Exchange exchange, String operationId, Parameters parameters, String accepted, Bodies.Body body)
        implements Call {
    @Override
    public String requestId() {
        return exchange.requestId();
    }

    @Override
    public Principal principal() {
        return exchange.principal();
    }

    @Override
    public String remoteAddress() {
        return exchange.remoteAddress();
    }

    @Override
    public String path(String name) {
        String value = parameters.path().get(name);
        if (value == null) {
            throw new IllegalArgumentException("%s has no path parameter %s".formatted(operationId, name));
        }
        return value;
    }

    @Override
    public Optional<String> query(String name) {
        List<String> values = queryAll(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    @Override
    public OptionalLong queryNumber(String name) {
        Optional<String> value = query(name);
        return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value.get()));
    }

    @Override
    public List<String> queryAll(String name) {
        return parameters.query().getOrDefault(name, List.of());
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(parameters.headers().get(name));
    }

    @Override
    public <T> T body(Class<T> type) {
        return Json.value(json(), type);
    }

    @Override
    public JsonNode json() {
        if (body.json() == null) {
            throw Problem.invalid("body", "", "is required, as JSON");
        }
        return body.json();
    }

    @Override
    public Optional<String> field(String name) {
        return Optional.ofNullable(body.fields().get(name));
    }

    @Override
    public Optional<Upload> upload(String name) {
        return Optional.ofNullable(body.uploads().get(name));
    }
}
