package io.bitdelta.node.api.contract;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One operation of the contract.
 *
 * @param operationId its name
 * @param method HTTP method, uppercase
 * @param template path with {@code {name}} in place of parameters
 * @param access who may call it
 * @param parameters of path, query and header
 * @param body of the request, if it takes one
 * @param responses status, as the contract writes it, to media type to schema; a type whose content is not JSON has none
 * @param produces media types of successful answers, the contract's first one first
 */
public record Endpoint(
        String operationId,
        String method,
        String template,
        Access access,
        List<ParameterRule> parameters,
        Optional<BodyRule> body,
        Map<String, Map<String, Optional<SchemaRule>>> responses,
        List<String> produces) {

    /** Copies its collections. */
    public Endpoint {
        parameters = List.copyOf(parameters);
        responses = Map.copyOf(responses);
        produces = List.copyOf(produces);
    }

    /** Names of its query parameters. */
    public Set<String> queryNames() {
        return parameters.stream()
                .filter(parameter -> parameter.in().equals("query"))
                .map(ParameterRule::name)
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
    }
}
