package io.bitdelta.ipfs.kubo;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Posts one call, reads its answer, and tries again with growing, random waits while that may help. */
final class RpcCall {
    private static final int MAX_ERROR_BYTES = 4096;

    private final KuboEndpoint endpoint;
    private final HttpClient http;
    private final RandomGenerator random;

    RpcCall(KuboEndpoint endpoint, HttpClient http, RandomGenerator random) {
        this.endpoint = endpoint;
        this.http = http;
        this.random = random;
    }

    /** Reads an answer's body. */
    @FunctionalInterface
    interface Body<T> {
        T read(InputStream body) throws IOException;
    }

    /**
     * Runs a call.
     *
     * @param command e.g. {@code block/get}
     * @param query names and values in turn
     * @param content makes the request's body anew for every try
     * @param contentType of it
     */
    <T> T run(
            String command,
            String[] query,
            Supplier<HttpRequest.BodyPublisher> content,
            String contentType,
            Body<T> body)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(command, query, content.get(), contentType, body);
            } catch (KuboException e) {
                if (!e.isTransient() || attempt == endpoint.attempts()) {
                    throw e;
                }
                long longest = endpoint.backoff().toNanos() << Math.min(attempt - 1, 16);
                LockSupport.parkNanos(longest / 2 + random.nextLong(longest / 2 + 1));
            }
        }
    }

    <T> T run(String command, String[] query, Body<T> body) throws IOException {
        return run(command, query, HttpRequest.BodyPublishers::noBody, "application/octet-stream", body);
    }

    private <T> T once(
            String command, String[] query, HttpRequest.BodyPublisher content, String contentType, Body<T> body)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(command, query))
                .timeout(endpoint.timeout())
                .header("Content-Type", contentType)
                .POST(content);
        String authorization = endpoint.authorization();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                if (response.statusCode() != 200) {
                    throw new KuboException(
                            describe(command) + " answered " + response.statusCode() + ": "
                                    + new String(in.readNBytes(MAX_ERROR_BYTES), StandardCharsets.UTF_8).strip(),
                            response.statusCode());
                }
                return body.read(in);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted during " + describe(command));
        } catch (io.bitdelta.ipfs.ContentException e) {
            throw e;
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new KuboException(describe(command) + " failed: " + reason, e);
        }
    }

    String describe(String command) {
        return command + " at " + endpoint.api();
    }

    private URI uri(String command, String[] query) {
        StringBuilder text = new StringBuilder("/api/v0/").append(command).append("?cid-base=base32");
        for (int i = 0; i < query.length; i += 2) {
            text.append('&')
                    .append(query[i])
                    .append('=')
                    .append(URLEncoder.encode(query[i + 1], StandardCharsets.UTF_8));
        }
        return endpoint.api().resolve(text.toString());
    }
}
