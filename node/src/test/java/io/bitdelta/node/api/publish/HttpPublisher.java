package io.bitdelta.node.api.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.attestation.typed.TypedDocument;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Publishes as a program of somebody else's would: multipart upload, poll, sign. */
public final class HttpPublisher {
    private static final String BOUNDARY = "parts";

    private final HttpClient http;
    private final URI node;
    private final String apiKey;

    public HttpPublisher(HttpClient http, int port, String apiKey) {
        this.http = http;
        this.node = URI.create("http://127.0.0.1:" + port);
        this.apiKey = apiKey;
    }

    /** Asks for a publication, without waiting for the answer. */
    public CompletableFuture<HttpResponse<String>> ask(Secp256k1Key owner, Path delta, String method, String key)
            throws IOException {
        String fields = field("identity", owner.address().hex()) + field("baseName", "tiny-qwen3")
                + field("method", method) + "--" + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"delta\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n";
        return http.sendAsync(
                to("/api/deltas")
                        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.concat(
                                BodyPublishers.ofString(fields),
                                BodyPublishers.ofFile(delta),
                                BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n")))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String field(String name, String value) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(node.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("X-API-Key", apiKey);
    }

    /** A job's answer, parsed. */
    public static JsonNode job(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
        return JsonMapper.shared().readTree(answer.body());
    }

    /** A job as it is. */
    public JsonNode look(String id) throws IOException, InterruptedException {
        return job(http.send(to("/api/jobs/" + id).GET().build(), BodyHandlers.ofString()));
    }

    /** Signs when the job waits for it, and gives the job as it ended. */
    public JsonNode finish(String id, Secp256k1Key owner) throws IOException, InterruptedException {
        for (int look = 0; look < 3000; look++) {
            JsonNode job = look(id);
            switch (job.path("state").asString()) {
                case "SUCCEEDED", "FAILED", "EXPIRED" -> {
                    return job;
                }
                case "WAITING" -> sign(job, owner).join();
                default -> LockSupport.parkNanos(20_000_000);
            }
        }
        throw new AssertionError("job " + id + " never ended");
    }

    /** Gives the signature that a job waits for. */
    public CompletableFuture<HttpResponse<String>> sign(JsonNode job, Secp256k1Key owner) {
        String typed = "";
        for (JsonNode step : job.path("steps")) {
            if (step.path("name").asString().equals("prepared")) {
                typed = step.path("result").path("typedData").toString();
            }
        }
        String signature = HexText.of(owner.sign(TypedDocument.parse(typed.getBytes(StandardCharsets.UTF_8))
                        .digest())
                .bytes());
        return http.sendAsync(
                to("/api/jobs/" + job.path("id").asString() + "/signature")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"signature\":\"%s\"}".formatted(signature)))
                        .build(),
                BodyHandlers.ofString());
    }
}
