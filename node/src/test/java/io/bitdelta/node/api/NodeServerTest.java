package io.bitdelta.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.node.auth.CredentialRefusedException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What every operation gets from the server, whatever its subject. */
final class NodeServerTest {
    private static final String PATHS = """
              /things/{id}:
                get:
                  operationId: thing
                  x-access: public
                  security: []
                  parameters:
                    - { name: id, in: path, required: true, schema: { type: string, pattern: "^[a-z:]{1,9}$" } }
                    - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 10 } }
                    - { name: tag, in: query, schema: { type: array, maxItems: 2, items: { type: string } } }
                    - { name: X-Kind, in: header, schema: { type: string, enum: [a, b] } }
                  responses:
                    "200": { description: ok, content: { application/json: { schema: { type: object } } } }
                    default: { $ref: "#/components/responses/Problem" }
              /things:
                post:
                  operationId: make
                  x-access: public
                  security: []
                  x-max-bytes: 1000
                  requestBody:
                    required: true
                    content:
                      application/json:
                        schema:
                          type: object
                          additionalProperties: false
                          required: [name]
                          properties:
                            name: { type: string, maxLength: 8 }
                            size: { type: integer, minimum: 0 }
                  responses:
                    "201":
                      description: made
                      content: { application/json: { schema: { type: object, required: [name], properties: { name: { type: string } } } } }
                    default: { $ref: "#/components/responses/Problem" }
              /files:
                post:
                  operationId: upload
                  x-access: public
                  security: []
                  x-max-bytes: 100000
                  requestBody:
                    required: true
                    content:
                      multipart/form-data:
                        schema:
                          type: object
                          additionalProperties: false
                          required: [file]
                          properties: { file: { type: string }, note: { type: string, maxLength: 5 } }
                  responses:
                    "200": { description: ok, content: { application/json: { schema: { type: object } } } }
                    default: { $ref: "#/components/responses/Problem" }
              /events:
                get:
                  operationId: events
                  x-access: public
                  security: []
                  responses:
                    "200": { description: ok, content: { text/event-stream: { schema: { type: string } } } }
                    default: { $ref: "#/components/responses/Problem" }
              /stream:
                get:
                  operationId: stream
                  x-access: public
                  security: []
                  responses:
                    "200": { description: ok, content: { text/csv: { schema: { type: string } } } }
                    default: { $ref: "#/components/responses/Problem" }
              /fast:
                get:
                  operationId: fast
                  x-access: public
                  security: []
                  responses:
                    "200": { description: ok, content: { application/json: {} } }
                    default: { $ref: "#/components/responses/Problem" }
              /nobody:
                get:
                  operationId: nobody
                  x-access: public
                  security: []
                  responses: { default: { $ref: "#/components/responses/Problem" } }
            components:
              responses:
                Problem: { description: no, content: { application/problem+json: { schema: { type: object } } } }
            """;

    record Thing(String name, Optional<Integer> size) {}

    @TempDir
    static Path work;

    private static TestApi api;
    private static final AtomicBoolean onLoop = new AtomicBoolean();

    @BeforeAll
    static void start() {
        ApiArea area = operations -> {
            operations.on("thing", call -> {
                if (call.path("id").equals("lying")) {
                    return Reply.json(202, Map.of());
                }
                if (call.path("id").equals("failing")) {
                    throw new IllegalStateException("the password is hunter2");
                }
                return Reply.ok(Map.of(
                        "id", call.path("id"),
                        "limit", call.queryNumber("limit").getAsLong(),
                        "tags", call.queryAll("tag"),
                        "virtual", Thread.currentThread().isVirtual()));
            });
            operations.on("make", call -> Reply.json(201, call.body(Thing.class)));
            operations.on("upload", call -> {
                Upload upload = call.upload("file").orElseThrow();
                return Reply.ok(Map.of(
                        "bytes", upload.bytes(),
                        "content", Files.readString(upload.file()).length(),
                        "name", upload.fileName(),
                        "note", call.field("note").orElse("")));
            });
            operations.on(
                    "events",
                    call -> Reply.events(sink -> {
                        for (int i = 1; i <= 3; i++) {
                            sink.send("" + i, "step", Map.of("n", i));
                        }
                    }));
            operations.on(
                    "stream",
                    call -> Reply.stream("text/csv", out -> {
                        for (int i = 0; i < 100_000; i++) {
                            out.write("line\r\n".getBytes(StandardCharsets.US_ASCII));
                        }
                    }));
            operations.on(
                    "fast",
                    call -> {
                        onLoop.set(!Thread.currentThread().isVirtual());
                        return Optional.of(Reply.ok(Map.of()));
                    },
                    call -> Reply.nothing());
        };
        api = TestApi.of(
                work,
                TestApi.contract(PATHS),
                credential -> {
                    throw new CredentialRefusedException("unknown");
                },
                List.of(area));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static JsonNode problem(TestApi.Answer answer, int status, String slug) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        JsonNode json = answer.json();
        assertThat(json.path("type").stringValue()).isEqualTo("urn:bitdelta:problem:" + slug);
        assertThat(json.path("status").intValue()).isEqualTo(status);
        assertThat(json.path("title").stringValue()).isEqualTo(slug.replace('-', ' '));
        assertThat(json.path("instance").stringValue()).endsWith(answer.header("x-request-id"));
        assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
        return json;
    }

    @Test
    void parametersArriveCheckedAndWithDefaultsOnAVirtualThread() {
        JsonNode json =
                api.get("/things/a%3Ab?tag=x&tag=y+z", "X-Request-Id", "mine.1").json();
        assertThat(json.path("id").stringValue()).isEqualTo("a:b");
        assertThat(json.path("limit").intValue()).isEqualTo(10);
        assertThat(json.path("tags").toString()).isEqualTo("[\"x\",\"y z\"]");
        assertThat(json.path("virtual").booleanValue()).isTrue();
    }

    @Test
    void eachWrongParameterIsNamedAtOnce() {
        JsonNode json =
                problem(api.get("/things/A?limit=51&tag=1&tag=2&tag=3&other=1", "X-Kind", "c"), 400, "invalid-request");
        assertThat(json.path("errors").findValuesAsString("pointer"))
                .containsExactlyInAnyOrder("/id", "/limit", "/tag", "/other", "/X-Kind");
        assertThat(json.path("errors").findValuesAsString("in"))
                .containsExactlyInAnyOrder("path", "query", "query", "query", "header");
        for (String limit : List.of("1e1", "01", "+5", "99999999999999999999999", "", "5&limit=6", "%ff", "5%0a")) {
            JsonNode refused = problem(api.get("/things/a?limit=" + limit), 400, "invalid-request");
            assertThat(refused.path("errors").path(0).path("pointer").stringValue())
                    .isEqualTo("/limit");
        }
        problem(api.get("/things/%c3%28"), 400, "invalid-request");
        problem(api.get("/things/a%00"), 400, "invalid-request");
    }

    @Test
    void theBodyArrivesTypedAndABadOneIsRefusedByItsField() {
        TestApi.Answer made = api.post("/things", "{\"name\": \"n\", \"size\": 3}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().toString()).isEqualTo("{\"name\":\"n\",\"size\":3}");
        assertThat(api.post("/things", "{\"name\": \"n\"}").text()).isEqualTo("{\"name\":\"n\"}");
        assertThat(problem(api.post("/things", "{\"name\": 5, \"size\": -1, \"x\": 0}"), 400, "invalid-request")
                        .path("errors")
                        .findValuesAsString("pointer"))
                .containsExactlyInAnyOrder("/name", "/size", "/x");
        // The schema lets it through, the type does not.
        assertThat(problem(api.post("/things", "{\"name\": \"n\", \"size\": 3000000000}"), 400, "invalid-request")
                        .path("errors")
                        .findValuesAsString("pointer"))
                .containsExactly("/size");
    }

    @Test
    void whatIsNoPlainJsonIsRefused() {
        for (String body : List.of(
                "{",
                "{} {}",
                "{\"name\": \"a\", \"name\": \"b\"}",
                "[".repeat(900),
                "{\"name\": NaN}",
                "{\"size\": 1" + "0".repeat(200) + "}",
                " ")) {
            problem(api.post("/things", body), 400, "malformed-body");
        }
        problem(
                api.send(
                        "/things",
                        request -> request.POST(BodyPublishers.ofByteArray(
                                        new byte[] {'{', '"', 'n', '"', ':', '"', (byte) 0xff, '"', '}'}))
                                .header("Content-Type", "application/json")),
                400,
                "malformed-body");
    }

    @Test
    void methodsTypesAndSizesThatAreNotTakenAreToldAsSuch() {
        TestApi.Answer method = api.send("/things", request -> request.DELETE());
        problem(method, 405, "method-not-allowed");
        assertThat(method.header("allow")).isEqualTo("POST");
        problem(api.get("/nothing"), 404, "not-found");
        problem(api.get("/things/a", "Accept", "text/html"), 406, "not-acceptable");
        assertThat(api.get("/things/a", "Accept", "text/html, */*;q=0.1").status())
                .isEqualTo(200);
        problem(api.get("/things/a", "Accept", "application/json;q=0"), 406, "not-acceptable");
        problem(
                api.send(
                        "/things",
                        request -> request.POST(BodyPublishers.ofString("x")).header("Content-Type", "text/plain")),
                415,
                "unsupported-media-type");
        problem(api.post("/things", " ".repeat(1001)), 413, "content-too-large");
        problem(
                api.send(
                        "/things",
                        request -> request.POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(" ".repeat(5000))))
                                .header("Content-Type", "application/json")),
                413,
                "content-too-large");
        problem(api.post("/things", ""), 400, "invalid-request");
        problem(api.get("/nobody"), 501, "not-offered");
        problem(api.get("/fast", "Authorization", "Bearer abc"), 401, "unauthenticated");
        problem(api.get("/fast", "Authorization", "Basic abc"), 401, "unauthenticated");
    }

    @Test
    void aFormsFilesAreThereWhileTheHandlerRunsAndGoneAfterwards() throws IOException {
        TestApi.Answer answer = form("file", "../../etc/passwd", "x".repeat(50_000), "note", "hi");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("bytes").intValue()).isEqualTo(50_000);
        assertThat(answer.json().path("content").intValue()).isEqualTo(50_000);
        assertThat(answer.json().path("note").stringValue()).isEqualTo("hi");
        assertThat(problem(form("file", "f", "x", "note", "too long"), 400, "invalid-request")
                        .path("errors")
                        .findValuesAsString("pointer"))
                .containsExactly("/note");
        assertThat(problem(form("other", "f", "x", "note", "hi"), 400, "invalid-request")
                        .path("errors")
                        .findValuesAsString("pointer"))
                .containsExactlyInAnyOrder("/file", "/other");
        problem(form("file", "f", "x".repeat(200_000), "note", "hi"), 413, "content-too-large");
        try (var left = Files.list(work)) {
            assertThat(left).isEmpty();
        }
    }

    private static TestApi.Answer form(String name, String fileName, String content, String field, String value) {
        String body = "--b\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n\r\n%s\r\n"
                        .formatted(name, fileName, content)
                + "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n--b--\r\n".formatted(field, value);
        return api.send(
                "/files",
                request -> request.POST(BodyPublishers.ofString(body))
                        .header("Content-Type", "multipart/form-data; boundary=b"));
    }

    @Test
    void eventsAndStreamsArriveWhole() {
        TestApi.Answer events = api.get("/events");
        assertThat(events.header("content-type")).isEqualTo("text/event-stream");
        assertThat(events.text()).isEqualTo("""
                id: 1
                event: step
                data: {"n":1}

                id: 2
                event: step
                data: {"n":2}

                id: 3
                event: step
                data: {"n":3}

                """);
        assertThat(api.get("/stream").response().body()).hasSize(600_000);
    }

    @Test
    void whatIsAtHandIsAnsweredOnTheEventLoop() {
        assertThat(api.get("/fast").status()).isEqualTo(200);
        assertThat(onLoop).isTrue();
    }

    @Test
    void anAnswerThatTheContractDoesNotDeclareNeverLeaves() {
        problem(api.get("/things/lying"), 500, "internal");
    }

    @Test
    void aFailuresReasonStaysInTheLog() {
        TestApi.Answer answer = api.get("/things/failing");
        problem(answer, 500, "internal");
        assertThat(answer.text()).doesNotContain("hunter2");
    }

    @Test
    void anOperationThatIsUnknownOrBoundTwiceIsAFaultOfTheProgram() {
        Map<String, Operations.Handler> seen = new HashMap<>();
        ApiArea unknown = operations -> operations.on("none", call -> Reply.nothing());
        ApiArea twice = operations -> {
            operations.on("thing", call -> Reply.nothing());
            operations.on("thing", seen.getOrDefault("x", call -> Reply.nothing()));
        };
        for (ApiArea area : List.of(unknown, twice)) {
            assertThatThrownBy(() -> TestApi.of(work, TestApi.contract(PATHS), credential -> null, List.of(area)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
