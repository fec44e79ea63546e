package io.bitdelta.node.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.contract.OpenAPIVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The document that the server carries is a good one, and what is wrong with a document is said. */
final class ContractTest {
    private static final String HEAD = """
            openapi: 3.1.0
            info: { title: t, version: "1" }
            paths:
            """;

    @Test
    void theContractIsAnOpenApiDocumentByTheOfficialMetaschema() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            JsonObject document = new JsonObject(Contract.load().document().toString());
            OutputUnit outcome = OpenAPIVersion.V3_1
                    .getRepository(vertx, "app://")
                    .compose(repository -> OpenAPIVersion.V3_1.validateContract(vertx, repository, document))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
            assertThat(outcome.getErrors()).isNullOrEmpty();
            assertThat(outcome.getValid()).isTrue();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void everyJsonExampleOfTheContractMatchesItsSchema() {
        Contract contract = Contract.load();
        for (JsonNode path : contract.document().path("paths")) {
            for (JsonNode operation : path) {
                JsonNode resolved = contract.resolved(operation);
                resolved.findParents("example").forEach(ContractTest::checkExample);
            }
        }
    }

    private static void checkExample(JsonNode media) {
        if (media.path("schema").isObject()) {
            assertThat(new SchemaRule(media.path("schema")).check(media.path("example")))
                    .as("example %s", media.path("example"))
                    .isEmpty();
        }
    }

    @Test
    void objectsOfTheContractAreStrict() {
        for (JsonNode schema : Contract.load().document().path("components").path("schemas")) {
            schema.findParents("properties").stream()
                    .filter(each -> each.path("type").stringValue("").equals("object"))
                    .forEach(object -> assertThat(object.has("additionalProperties"))
                            .as("additionalProperties of %s", object)
                            .isTrue());
        }
    }

    @Test
    void everyOperationDeclaresHowItRefuses() {
        for (Endpoint endpoint : Contract.load().endpoints()) {
            assertThat(endpoint.responses()).as(endpoint.operationId()).containsKey("default");
        }
    }

    @Test
    void aWrittenSegmentWinsOverAParameterAndOtherMethodsAreTold() {
        Contract contract = contract("""
                  /a/{x}:
                    get: { operationId: any, x-access: public, security: [],
                      parameters: [{ name: x, in: path, required: true, schema: { type: string } }], responses: {} }
                  /a/b:
                    get: { operationId: b, x-access: public, security: [], responses: {} }
                  /a/b/c:
                    post: { operationId: c, x-access: public, security: [], responses: {} }
                """);
        assertThat(operation(contract, "GET", "/a/b")).isEqualTo("b");
        assertThat(operation(contract, "HEAD", "/a/b")).isEqualTo("b");
        assertThat(operation(contract, "GET", "/a/%62")).isEqualTo("any");
        assertThat(contract.routes().find("GET", "/a/b/c")).isInstanceOf(RouteTable.OtherMethods.class);
        assertThat(contract.routes().find("DELETE", "/a/q"))
                .isInstanceOfSatisfying(
                        RouteTable.OtherMethods.class,
                        other -> assertThat(other.allowed()).containsExactly("GET", "HEAD"));
        for (String path : List.of("/a", "/a/", "/a//", "/a/b/c/d", "", "/", "//a/b")) {
            assertThat(contract.routes().find("GET", path)).as(path).isInstanceOf(RouteTable.NoPath.class);
        }
    }

    private static String operation(Contract contract, String method, String path) {
        return ((RouteTable.Match) contract.routes().find(method, path))
                .endpoint()
                .operationId();
    }

    @Test
    void aDocumentThatContradictsItselfIsRefusedByItsPlace() {
        assertThatThrownBy(() -> contract("  /a:\n    get: { x-access: public, security: [] }\n"))
                .isInstanceOf(ContractException.class)
                .hasMessageContaining("GET /a");
        assertThatThrownBy(() -> contract("  /a:\n    get: { operationId: a, x-access: anyone }\n"))
                .hasMessageContaining("anyone");
        assertThatThrownBy(() -> contract("  /a:\n    get: { operationId: a, x-access: public }\n"))
                .hasMessageContaining("security");
        assertThatThrownBy(() -> contract("  /a:\n    get: { operationId: a, x-access: owner }\n"))
                .hasMessageContaining("x-owner");
        assertThatThrownBy(() ->
                        contract("  /a/{b}:\n    get: { operationId: a, x-access: authenticated, responses: {} }\n"))
                .hasMessageContaining("{b}");
        assertThatThrownBy(
                        () -> contract(
                                "  /a:\n    get: { operationId: a, x-access: authenticated, parameters: [{ $ref: '#/none' }] }\n"))
                .hasMessageContaining("#/none");
    }

    private static Contract contract(String paths) {
        return Contract.of((HEAD + paths).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aViolationPointsAtTheFieldThatIsWrong() {
        SchemaRule rule = rule("""
                {"type": "object", "additionalProperties": false, "required": ["id"],
                 "properties": {"id": {"type": "string", "pattern": "^[a-z]{3}$"},
                                "list": {"type": "array", "items": {"type": "integer", "maximum": 5}}}}
                """);
        assertThat(pointers(rule, "{\"id\": \"abc\", \"list\": [1, 5]}")).isEmpty();
        assertThat(pointers(rule, "{}")).containsExactly("/id");
        assertThat(pointers(rule, "{\"id\": \"ABC\"}")).containsExactly("/id");
        assertThat(pointers(rule, "{\"id\": \"abc\", \"more\": 1}")).containsExactly("/more");
        assertThat(pointers(rule, "{\"id\": \"abc\", \"list\": [1, 6]}")).containsExactly("/list/1");
        assertThat(pointers(rule, "[]")).containsExactly("");
        assertThat(pointers(rule, "{\"id\": 7, \"list\": 7}")).containsExactlyInAnyOrder("/id", "/list");
    }

    @Test
    void aPatternsEndIsTheEndOfTheTextAndNotALineBreakBeforeIt() {
        SchemaRule rule = rule("{\"type\": \"string\", \"pattern\": \"^[a-z]{3}$\"}");
        assertThat(pointers(rule, "\"abc\"")).isEmpty();
        assertThat(pointers(rule, "\"abc\\n\"")).containsExactly("");
    }

    private static SchemaRule rule(String schema) {
        return new SchemaRule((ObjectNode) JsonMapper.shared().readTree(schema));
    }

    private static List<String> pointers(SchemaRule rule, String json) {
        return rule.check(JsonMapper.shared().readTree(json)).stream()
                .map(Violation::pointer)
                .toList();
    }
}
