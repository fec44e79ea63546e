package io.bitdelta.node.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code docs/api.md} is the contract as a page; {@code -Dbitdelta.docs=write} writes it anew. */
final class ApiDocumentTest {
    private static final Path PAGE = Path.of(System.getProperty("bitdelta.home"), "docs", "api.md");

    @Test
    void thePageIsThatOfTheContract() throws IOException {
        String page = page(Contract.load());
        if ("write".equals(System.getProperty("bitdelta.docs"))) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).exists();
        assertThat(Files.readString(PAGE))
                .as("docs/api.md is stale: mvn -pl node test -Dtest=ApiDocumentTest -Dbitdelta.docs=write")
                .isEqualTo(page);
    }

    private static String page(Contract contract) {
        JsonNode document = contract.document();
        StringBuilder page = new StringBuilder("# The HTTP API\n\n");
        page.append(
                "Made from `node/src/main/resources/io/bitdelta/node/api/openapi.yaml`, which a running node serves as `GET /api/openapi.json`:\n`mvn -pl node test -Dtest=ApiDocumentTest -Dbitdelta.docs=write`.\n\n");
        page.append(document.path("info").path("description").stringValue("").strip())
                .append("\n");
        page.append("""

                ## Who calls

                | credential | how it is sent | how it is got |
                |---|---|---|
                """);
        document.path("components")
                .path("securitySchemes")
                .properties()
                .forEach(scheme -> page.append("| `%s` | %s | %s |\n"
                        .formatted(
                                scheme.getKey(),
                                scheme.getValue().has("name")
                                        ? "header `"
                                                + scheme.getValue().path("name").stringValue() + "`"
                                        : "`Authorization: Bearer`",
                                scheme.getValue().path("description").stringValue("-"))));
        for (JsonNode tag : document.path("tags")) {
            String name = tag.path("name").stringValue();
            page.append("\n## ")
                    .append(name)
                    .append("\n\n")
                    .append(tag.path("description").stringValue(""))
                    .append("\n");
            document.path("paths")
                    .properties()
                    .forEach(path -> path.getValue().properties().stream()
                            .filter(operation -> operation
                                    .getValue()
                                    .path("tags")
                                    .path(0)
                                    .stringValue("")
                                    .equals(name))
                            .forEach(operation -> operation(
                                    page,
                                    contract,
                                    path.getKey(),
                                    operation.getKey(),
                                    path.getValue(),
                                    operation.getValue())));
        }
        schemas(page, contract, document);
        return page.toString();
    }

    private static void operation(
            StringBuilder page, Contract contract, String path, String method, JsonNode item, JsonNode operation) {
        page.append("\n### `%s %s`\n\n".formatted(method.toUpperCase(Locale.ROOT), path));
        page.append(operation.path("summary").stringValue("").strip()).append('\n');
        if (operation.has("description")) {
            page.append('\n')
                    .append(operation.path("description").stringValue("").strip())
                    .append('\n');
        }
        page.append("\nAccess: ").append(access(operation)).append("\n");
        List<JsonNode> parameters = new ArrayList<>();
        item.path("parameters").forEach(parameters::add);
        operation.path("parameters").forEach(parameters::add);
        if (!parameters.isEmpty()) {
            page.append("\n| parameter | in | | |\n|---|---|---|---|\n");
            for (JsonNode reference : parameters) {
                JsonNode parameter = contract.resolved(reference);
                page.append("| `%s` | %s | %s | %s |\n"
                        .formatted(
                                parameter.path("name").stringValue(),
                                parameter.path("in").stringValue(),
                                (parameter.path("required").booleanValue(false) ? "required, " : "")
                                        + type(parameter.path("schema")),
                                cell(parameter
                                        .path("description")
                                        .stringValue(parameter
                                                .path("schema")
                                                .path("description")
                                                .stringValue("")))));
            }
        }
        JsonNode body = contract.resolved(operation.path("requestBody"));
        body.path("content")
                .properties()
                .forEach(type -> page.append(
                        "\nBody: `%s`, %s.\n".formatted(type.getKey(), link(operation, "requestBody", type.getKey()))));
        page.append("\n| status | | body |\n|---|---|---|\n");
        operation.path("responses").properties().forEach(response -> {
            JsonNode resolved = contract.resolved(response.getValue());
            String types = String.join(
                    ", ",
                    resolved.path("content").propertyNames().stream()
                            .map(type -> "`" + type + "` " + named(response.getValue(), type))
                            .map(String::strip)
                            .toList());
            page.append("| %s | %s | %s |\n"
                    .formatted(
                            response.getKey(),
                            cell(resolved.path("description").stringValue("")),
                            types.isEmpty() ? "-" : types));
        });
    }

    private static String access(JsonNode operation) {
        String scopes = String.join(
                ", ",
                operation
                        .path("x-scopes")
                        .valueStream()
                        .map(scope -> "`" + scope.stringValue() + "`")
                        .toList());
        String owner = operation.path("x-owner").path("name").stringValue("");
        return operation.path("x-access").stringValue()
                + (owner.isEmpty() ? "" : " of `" + owner + "`")
                + (scopes.isEmpty() ? "" : ", scope " + scopes)
                + (operation.has("x-max-bytes")
                        ? ", body up to %d bytes"
                                .formatted(operation.path("x-max-bytes").longValue())
                        : "");
    }

    private static String link(JsonNode operation, String part, String type) {
        JsonNode schema = operation.path(part).path("content").path(type).path("schema");
        return schema.has("$ref") ? reference(schema) : "as the contract says";
    }

    private static String named(JsonNode response, String type) {
        JsonNode schema = response.path("content").path(type).path("schema");
        return schema.has("$ref") ? reference(schema) : response.has("$ref") ? "[Problem](#problem)" : "";
    }

    private static String reference(JsonNode schema) {
        String name = schema.path("$ref").stringValue().substring("#/components/schemas/".length());
        return "[%s](#%s)".formatted(name, name.toLowerCase(Locale.ROOT));
    }

    private static void schemas(StringBuilder page, Contract contract, JsonNode document) {
        page.append("\n## Schemas\n");
        JsonNode all = document.path("components").path("schemas");
        for (String name : new TreeSet<>(all.propertyNames())) {
            JsonNode schema = all.path(name);
            page.append("\n### ").append(name).append("\n\n");
            page.append(schema.path("description")
                            .stringValue(type(contract.resolved(schema)))
                            .strip())
                    .append('\n');
            if (schema.path("properties").isObject()) {
                page.append("\n| property | | |\n|---|---|---|\n");
                List<String> required = schema.path("required")
                        .valueStream()
                        .map(JsonNode::stringValue)
                        .toList();
                schema.path("properties")
                        .properties()
                        .forEach(property -> page.append("| `%s` | %s%s | %s |\n"
                                .formatted(
                                        property.getKey(),
                                        required.contains(property.getKey()) ? "" : "optional, ",
                                        property.getValue().has("$ref")
                                                ? reference(property.getValue())
                                                : type(property.getValue()),
                                        cell(property.getValue()
                                                .path("description")
                                                .stringValue("")))));
            } else if (schema.has("pattern")) {
                page.append("\n`").append(schema.path("pattern").stringValue()).append("`\n");
            }
        }
    }

    private static String type(JsonNode schema) {
        if (schema.has("$ref")) {
            return reference(schema);
        }
        if (schema.path("enum").isArray()) {
            return String.join(
                    ", ",
                    schema.path("enum")
                            .valueStream()
                            .map(value -> "`" + value.asString() + "`")
                            .toList());
        }
        String type = schema.path("type").stringValue("any");
        if (type.equals("array")) {
            return "array of " + type(schema.path("items"));
        }
        String range = schema.has("minimum") || schema.has("maximum")
                ? " %s..%s"
                        .formatted(
                                schema.path("minimum").asString(),
                                schema.path("maximum").asString())
                : "";
        String otherwise =
                schema.has("default") ? ", default " + schema.path("default").asString() : "";
        return type + range + otherwise;
    }

    private static String cell(String text) {
        return text.strip().replace("\n", " ").replace("|", "\\|");
    }
}
