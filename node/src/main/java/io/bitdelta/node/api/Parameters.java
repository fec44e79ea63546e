package io.bitdelta.node.api;

import io.bitdelta.node.api.contract.Endpoint;
import io.bitdelta.node.api.contract.ParameterRule;
import io.bitdelta.node.api.contract.Violation;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one request, decoded and checked.
 *
 * @param path by name
 * @param query by name, in the order given
 * @param headers by the contract's spelling
 */
record Parameters(Map<String, String> path, Map<String, List<String>> query, Map<String, String> headers) {
    /**
     * Reads the parameters of a request.
     *
     * @param pathValues in the template's order, percent-encoded
     * @param query percent-encoded, without the question mark
     * @throws Problem 400 naming every parameter that breaks the contract
     */
    static Parameters read(Endpoint endpoint, List<String> pathValues, @Nullable String query, MultiMap headers) {
        List<Problem.FieldError> errors = new ArrayList<>();
        Map<String, List<String>> given = query == null ? Map.of() : split(query, endpoint, errors);
        Map<String, String> path = new HashMap<>();
        Map<String, List<String>> queries = new HashMap<>();
        Map<String, String> header = new HashMap<>();
        int position = 0;
        for (ParameterRule rule : endpoint.parameters()) {
            List<String> values =
                    switch (rule.in()) {
                        case "path" -> decoded(pathValues.get(position++), rule, errors);
                        case "query" -> given.getOrDefault(rule.name(), List.of());
                        default -> headers.getAll(rule.name());
                    };
            values = checked(rule, values, errors);
            if (!values.isEmpty()) {
                switch (rule.in()) {
                    case "path" -> path.put(rule.name(), values.getFirst());
                    case "query" -> queries.put(rule.name(), List.copyOf(values));
                    default -> header.put(rule.name(), values.getFirst());
                }
            }
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
        return new Parameters(path, queries, header);
    }

    private static List<String> checked(ParameterRule rule, List<String> values, List<Problem.FieldError> errors) {
        if (values.isEmpty()) {
            if (rule.required() && !rule.in().equals("path")) {
                errors.add(new Problem.FieldError(rule.in(), "/" + rule.name(), "is required"));
            }
            return rule.otherwise().map(List::of).orElse(List.of());
        }
        for (Violation violation : rule.check(values)) {
            errors.add(new Problem.FieldError(rule.in(), "/" + rule.name() + violation.pointer(), violation.detail()));
        }
        return values;
    }

    private static List<String> decoded(String value, ParameterRule rule, List<Problem.FieldError> errors) {
        Optional<String> text = Percent.decode(value, false);
        if (text.isEmpty()) {
            errors.add(new Problem.FieldError("path", "/" + rule.name(), "is no percent-encoded UTF-8 text"));
        }
        return text.stream().toList();
    }

    private static Map<String, List<String>> split(String query, Endpoint endpoint, List<Problem.FieldError> errors) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            Optional<String> name = Percent.decode(equals < 0 ? pair : pair.substring(0, equals), true);
            Optional<String> value = Percent.decode(equals < 0 ? "" : pair.substring(equals + 1), true);
            if (name.isEmpty() || value.isEmpty()) {
                errors.add(new Problem.FieldError("query", "/" + name.orElse("?"), "is no percent-encoded UTF-8 text"));
            } else if (!endpoint.queryNames().contains(name.get())) {
                errors.add(new Problem.FieldError(
                        "query",
                        "/" + shortened(name.get()),
                        endpoint.queryNames().isEmpty()
                                ? "is unknown: this operation has no query"
                                : "is unknown; there are "
                                        + String.join(
                                                ", ",
                                                endpoint.queryNames().stream()
                                                        .sorted()
                                                        .toList())));
            } else {
                values.computeIfAbsent(name.get(), absent -> new ArrayList<>()).add(value.get());
            }
        }
        return values;
    }

    private static String shortened(String name) {
        return name.length() <= 60 ? name : name.substring(0, 60) + "...";
    }
}
