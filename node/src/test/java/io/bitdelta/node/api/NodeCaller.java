package io.bitdelta.node.api;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.attestation.typed.TypedDocument;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A program that calls a node with an API key. */
public final class NodeCaller implements AutoCloseable {
    private final HttpClient client;
    private final URI node;
    private final String key;

    /** @param key an API key, or empty */
    public NodeCaller(HttpClient client, String node, String key) {
        this.client = client;
        this.node = URI.create(node);
        this.key = key;
    }

    /** With a client of its own. */
    public NodeCaller(String node, String key) {
        this(HttpClient.newHttpClient(), node, key);
    }

    /** An answer. */
    public record Answer(int status, JsonNode json, HttpResponse<String> response) {}

    public HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(node.resolve(path)).timeout(Duration.ofMinutes(2));
        if (!key.isEmpty()) {
            request.header("X-API-Key", key);
        }
        return request;
    }

    public HttpClient client() {
        return client;
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            String type = answer.headers().firstValue("Content-Type").orElse("");
            return new Answer(
                    answer.statusCode(),
                    type.contains("json")
                            ? JsonMapper.shared().readTree(answer.body())
                            : JsonMapper.shared().missingNode(),
                    answer);
        } catch (IOException broken) {
            throw new AssertionError(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    public Answer get(String path) {
        return send(request(path).GET());
    }

    public Answer post(String path, @Nullable Object body) {
        return send(
                body == null
                        ? request(path).POST(BodyPublishers.noBody())
                        : request(path)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(
                                        JsonMapper.shared().writeValueAsString(body))));
    }

    /** The form of {@code POST /api/deltas}, its boundary is {@code b}. */
    public static String head(Secp256k1Key owner) {
        return field("identity", owner.address().hex()) + field("baseName", "tiny-qwen3")
                + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"d\"\r\n\r\n";
    }

    /** How the form ends. */
    public static final String TAIL = "\r\n--b--\r\n";

    private static String field(String name, String value) {
        return "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(name, value);
    }

    /** Uploads a delta; gives the job. */
    public JsonNode publish(Path delta, Secp256k1Key owner) throws IOException {
        BodyPublisher form = BodyPublishers.concat(
                BodyPublishers.ofString(head(owner)), BodyPublishers.ofFile(delta), BodyPublishers.ofString(TAIL));
        Answer answer = send(request("/api/deltas")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(form));
        if (answer.status() != 202) {
            throw new AssertionError(answer.response().body());
        }
        return answer.json();
    }

    /** Waits until a job is as it should be. */
    public JsonNode await(String job, Predicate<JsonNode> fit) {
        for (int i = 0; i < 1200; i++) {
            JsonNode now = get("/api/jobs/" + job).json();
            if (fit.test(now)) {
                return now;
            }
            LockSupport.parkNanos(50_000_000);
        }
        throw new AssertionError("the job stays " + get("/api/jobs/" + job).json());
    }

    /** Waits until a job wants a signature. */
    public JsonNode awaitWaiting(String job) {
        return await(job, now -> now.path("state").asString().equals("WAITING"));
    }

    /** Waits until a job is over. */
    public JsonNode awaitEnd(String job) {
        return await(job, now -> now.path("state").asString().matches("SUCCEEDED|FAILED|EXPIRED"));
    }

    /** Signs what a waiting job wants signed. */
    public void sign(JsonNode job, Secp256k1Key owner) {
        JsonNode typed = job.path("none");
        for (JsonNode step : job.path("steps")) {
            if (step.path("name").asString().equals("prepared")) {
                typed = step.path("result").path("typedData");
            }
        }
        TypedDocument document = TypedDocument.parse(typed.toString().getBytes(StandardCharsets.UTF_8));
        Answer answer = post(
                "/api/jobs/" + job.path("id").asString() + "/signature",
                Map.of("signature", HexText.of(owner.sign(document.digest()).bytes())));
        if (answer.status() != 202) {
            throw new AssertionError(answer.response().body());
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
