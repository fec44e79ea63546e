package io.bitdelta.node.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Speaks to a node over HTTP. A refusal is a {@link NodeRefusedException}, silence a {@link NodeSilentException}. */
public final class ApiClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final int MOST_BYTES = 64 << 20;
    private static final int MOST_PROBLEM_BYTES = 1 << 20;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final URI node;
    private final Optional<String> credential;

    /**
     * A client.
     *
     * @param credential session token or API key
     * @throws IllegalArgumentException for an address that is not http or https, or a credential that would leave this
     *     machine in clear
     */
    public ApiClient(URI node, Optional<String> credential) {
        String scheme = String.valueOf(node.getScheme());
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("%s: write http://host:port or https://host".formatted(node));
        }
        if (credential.isPresent() && scheme.equals("http") && !isHere(node)) {
            throw new IllegalArgumentException(
                    "%s: a credential is not sent over plain http to another machine: use https".formatted(node));
        }
        this.node = node;
        this.credential = credential;
    }

    private static boolean isHere(URI node) {
        String host = String.valueOf(node.getHost());
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    /** The node's address. */
    public URI address() {
        return node;
    }

    /** The same node, with another credential; the caller closes both. */
    public ApiClient as(String other) {
        return new ApiClient(node, Optional.of(other));
    }

    /** A value as it stands in a path or query. */
    public static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** GET as JSON. */
    public JsonNode get(String path) {
        return json(request(path).GET());
    }

    /** POST of JSON, answered with JSON; an answer without a body is a missing node. */
    public JsonNode post(String path, Object body) {
        return json(withBody(request(path), body));
    }

    /** POST of JSON under an idempotency key: sent twice, it is one. What another path does under the same name is another. */
    public JsonNode post(String path, Object body, String once) {
        return json(withBody(
                request(path).header("Idempotency-Key", once(path.substring(path.lastIndexOf('/') + 1) + ":" + once)),
                body));
    }

    /** POST without a body. */
    public JsonNode post(String path) {
        return json(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** A name for what is to happen once, as the header {@code Idempotency-Key} takes it. */
    public static String once(String name) {
        return IdempotencyName.of(name);
    }

    /** GET as text of a media type. */
    public String text(String path, String mediaType) {
        try (InputStream body =
                send(request(path).setHeader("Accept", mediaType).GET().build()).body()) {
            return new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw silent(broken);
        }
    }

    /** GET of a resource whose refusals are told in a standard's own shape: the body, whatever the status, as JSON. */
    public JsonNode getAny(String path, String mediaType) {
        HttpRequest request = request(path).setHeader("Accept", mediaType).GET().build();
        HttpResponse<InputStream> answer = exchange(request);
        try (InputStream body = answer.body()) {
            byte[] bytes = body.readNBytes(MOST_BYTES);
            String type = answer.headers().firstValue("Content-Type").orElse("");
            if (answer.statusCode() >= 400 && !type.startsWith(mediaType)) {
                throw refusal(answer.statusCode(), bytes);
            }
            return JsonMapper.shared().readTree(bytes);
        } catch (JacksonException malformed) {
            throw noJson(malformed);
        } catch (IOException broken) {
            throw silent(broken);
        }
    }

    /** A request with a JSON body. */
    public static HttpRequest.Builder withBody(HttpRequest.Builder request, Object body) {
        return request.header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JsonMapper.shared().writeValueAsBytes(body)));
    }

    /** DELETE. */
    public JsonNode delete(String path) {
        return json(request(path).DELETE());
    }

    /** Any request below the node's address, with the credential. */
    public HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(node.resolve(path))
                .timeout(ANSWER)
                .header("Accept", "application/json, application/problem+json;q=0.9");
        credential.ifPresent(secret -> request.header(
                secret.startsWith("bdk_") ? "X-API-Key" : "Authorization",
                secret.startsWith("bdk_") ? secret : "Bearer " + secret));
        return request;
    }

    /** Sends a request whose answer is JSON. */
    public JsonNode json(HttpRequest.Builder request) {
        try (InputStream body = send(request.build()).body()) {
            byte[] bytes = body.readNBytes(MOST_BYTES);
            return bytes.length == 0
                    ? JsonNodeFactory.instance.missingNode()
                    : JsonMapper.shared().readTree(bytes);
        } catch (JacksonException malformed) {
            throw noJson(malformed);
        } catch (IOException broken) {
            throw silent(broken);
        }
    }

    private NodeSilentException noJson(JacksonException malformed) {
        return new NodeSilentException("%s answers no JSON: is it a BitDelta node?".formatted(node), malformed);
    }

    /** Sends a request; the caller closes the body. */
    public HttpResponse<InputStream> send(HttpRequest request) {
        HttpResponse<InputStream> answer = exchange(request);
        if (answer.statusCode() < 400) {
            return answer;
        }
        try (InputStream body = answer.body()) {
            throw refusal(answer.statusCode(), body.readNBytes(MOST_PROBLEM_BYTES));
        } catch (IOException broken) {
            throw silent(broken);
        }
    }

    private HttpResponse<InputStream> exchange(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException broken) {
            throw silent(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new NodeSilentException("interrupted while " + node + " was asked", interrupted);
        }
    }

    private NodeSilentException silent(IOException broken) {
        String why = broken.getMessage() == null ? broken.getClass().getSimpleName() : broken.getMessage();
        return new NodeSilentException(
                "no node answers at %s (%s): start one with 'bitdelta node start'".formatted(node, why), broken);
    }

    private RuntimeException refusal(int status, byte[] body) {
        try {
            JsonNode problem = JsonMapper.shared().readTree(body);
            return new NodeRefusedException(
                    problem.path("type").stringValue(""),
                    status,
                    problem.path("detail").stringValue("the node answers " + status));
        } catch (JacksonException noProblem) {
            return new NodeSilentException(
                    "%s answers %d and no problem document: is it a BitDelta node?".formatted(node, status), noProblem);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
