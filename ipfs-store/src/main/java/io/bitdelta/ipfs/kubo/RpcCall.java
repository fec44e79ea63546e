package io.bitdelta.ipfs.kubo;

import io.bitdelta.ipfs.ContentException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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
     * @param content makes the request's body; null for none
     */
    <T> T run(String command, String[] query, Upload.@Nullable Source content, Body<T> body) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (Upload upload = content == null ? null : content.open()) {
                return once(command, query, upload, body);
            } catch (KuboException e) {
                if (!e.isTransient() || attempt == endpoint.attempts()) {
                    throw e;
                }
                long longest = endpoint.backoff().toNanos() << Math.min(attempt - 1, 16);
                LockSupport.parkNanos(longest / 2 + random.nextLong(longest / 2 + 1));
            }
        }
    }

    /** Runs a call without a body. */
    <T> T run(String command, String[] query, Body<T> body) throws IOException {
        return run(command, query, null, body);
    }

    private <T> T once(String command, String[] query, @Nullable Upload upload, Body<T> body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(command, query))
                .header("Content-Type", upload == null ? "application/octet-stream" : Upload.CONTENT_TYPE)
                .POST(upload == null ? HttpRequest.BodyPublishers.noBody() : upload.publisher());
        String authorization = endpoint.authorization();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        PacedBody in = null;
        try {
            HttpResponse<InputStream> response = head(command, request.build(), upload);
            in = new PacedBody(response.body(), endpoint.timeout());
            if (response.statusCode() != 200) {
                throw new KuboException(
                        describe(command) + " answered " + response.statusCode() + ": "
                                + new String(in.readNBytes(MAX_ERROR_BYTES), StandardCharsets.UTF_8).strip(),
                        response.statusCode());
            }
            return body.read(in);
        } catch (ContentException e) {
            if (in != null && in.isStalled()) {
                throw tooSlow(command, e);
            }
            throw e;
        } catch (IOException e) {
            if (in != null && in.isStalled()) {
                throw tooSlow(command, e);
            }
            throw broken(command, upload, e);
        } finally {
            if (in != null) {
                in.close();
            }
        }
    }

    /** Waits for the answer's head as long as the upload moves, and for the time limit after that. */
    private HttpResponse<InputStream> head(String command, HttpRequest request, @Nullable Upload upload)
            throws IOException {
        long limit = endpoint.timeout().toNanos();
        long start = System.nanoTime();
        CompletableFuture<HttpResponse<InputStream>> answer =
                http.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
        try {
            HttpResponse<InputStream> response = null;
            while (response == null) {
                long idle = System.nanoTime() - (upload == null ? start : Math.max(start, upload.moved()));
                if (idle >= limit) {
                    throw new HttpTimeoutException("no answer for " + endpoint.timeout());
                }
                response = within(answer, limit - idle);
            }
            return response;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted during " + describe(command));
        } finally {
            if (!answer.isDone()) {
                answer.cancel(true);
            }
        }
    }

    /** Null if the time is up, during which an upload may have moved. */
    private static <T> @Nullable T within(CompletableFuture<T> answer, long nanos)
            throws ExecutionException, InterruptedException {
        try {
            return answer.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        }
    }

    private IOException broken(String command, @Nullable Upload upload, IOException e) {
        Exception ours = upload == null ? null : upload.failure();
        if (ours instanceof ContentException unreadable) {
            return unreadable;
        }
        if (e instanceof InterruptedIOException && Thread.currentThread().isInterrupted()) {
            return e;
        }
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new KuboException(describe(command) + " failed: " + reason, e);
    }

    private KuboException tooSlow(String command, IOException e) {
        return new KuboException(
                describe(command) + " gave fewer than " + PacedBody.MIN_BYTES_PER_SECOND + " bytes per second for "
                        + endpoint.timeout(),
                e);
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
