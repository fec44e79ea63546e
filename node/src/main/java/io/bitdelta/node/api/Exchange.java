package io.bitdelta.node.api;

import io.bitdelta.node.api.contract.Endpoint;
import io.bitdelta.node.auth.Principal;
import io.bitdelta.node.trace.Traced;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request and its one answer. The answer may be started from any thread; everything on the wire happens on the request's event loop. */
final class Exchange {
    /** A body of this size is read and thrown away, to keep the connection; a larger one costs it. */
    private static final long WORTH_DRAINING = 1 << 20;

    private static final long LINGER_MS = 1000;

    private final HttpServerRequest request;
    private final Context context;
    private final String requestId;
    private final String remoteAddress;
    private final Map<String, String> always;
    private final Answered answered;
    private final Traced traced;
    private final long started = System.nanoTime();
    private final AtomicBoolean done = new AtomicBoolean();
    private volatile Principal principal = Principal.anonymous();
    private volatile @Nullable Endpoint endpoint;
    private volatile boolean bodyRead;

    /** Hears of each answer, when its last byte was handed to the network or the client has left. */
    interface Answered {
        void answered(Exchange exchange, int status, long nanos);
    }

    /**
     * @param always headers of the answer, whatever it is
     * @param traced this request
     */
    Exchange(
            HttpServerRequest request,
            Context context,
            String requestId,
            String remoteAddress,
            Map<String, String> always,
            Traced traced,
            Answered answered) {
        this.traced = traced;
        this.request = request;
        this.context = context;
        this.requestId = requestId;
        this.remoteAddress = remoteAddress;
        this.always = always;
        this.answered = answered;
    }

    HttpServerRequest request() {
        return request;
    }

    Context context() {
        return context;
    }

    String requestId() {
        return requestId;
    }

    String remoteAddress() {
        return remoteAddress;
    }

    Principal principal() {
        return principal;
    }

    void principal(Principal who) {
        this.principal = who;
    }

    /** This request's trace. */
    Traced traced() {
        return traced;
    }

    /** The operation, once it is known. */
    @Nullable
    Endpoint endpoint() {
        return endpoint;
    }

    void endpoint(Endpoint found) {
        this.endpoint = found;
    }

    /** Someone has read the body to its end, or will. */
    void bodyRead() {
        this.bodyRead = true;
    }

    /** Runs on the request's event loop and hands over the outcome. */
    <T> CompletableFuture<T> onLoop(Supplier<Future<T>> work) {
        Promise<T> outcome = Promise.promise();
        context.runOnContext(now -> {
            try {
                work.get().onComplete(outcome);
            } catch (RuntimeException failed) {
                outcome.tryFail(failed);
            }
        });
        return outcome.future().toCompletionStage().toCompletableFuture();
    }

    /** Sends a whole answer; a second one is dropped. Call on the event loop. */
    void send(int status, @Nullable String mediaType, Map<String, String> headers, @Nullable Buffer body) {
        if (!done.compareAndSet(false, true)) {
            return;
        }
        HttpServerResponse response = request.response();
        if (response.closed()) {
            answered.answered(this, status, System.nanoTime() - started);
            return;
        }
        begin(response, status, mediaType, headers);
        boolean close = !keepConnection();
        if (close && request.version() != HttpVersion.HTTP_2) {
            response.putHeader("Connection", "close");
        }
        (body == null ? response.end() : response.end(body)).onComplete(sent -> {
            answered.answered(this, status, System.nanoTime() - started);
            if (close) {
                linger();
            }
        });
    }

    /** Starts an answer whose body is written piece by piece; false when it has been answered already or the client has left. */
    boolean start(int status, String mediaType, Map<String, String> headers) {
        HttpServerResponse response = request.response();
        if (response.closed() || !done.compareAndSet(false, true)) {
            return false;
        }
        begin(response, status, mediaType, headers);
        response.setChunked(request.version() != HttpVersion.HTTP_2 && !headers.containsKey("Content-Length"));
        return true;
    }

    /** Ends an answer that was started. */
    void end(int status, boolean whole) {
        HttpServerResponse response = request.response();
        if (!response.closed()) {
            if (whole) {
                response.end();
            } else {
                // A body that breaks off must not look complete.
                response.reset();
                request.connection().close();
            }
        }
        answered.answered(this, status, System.nanoTime() - started);
    }

    private void begin(
            HttpServerResponse response, int status, @Nullable String mediaType, Map<String, String> headers) {
        response.setStatusCode(status);
        response.putHeader(RequestIds.HEADER, requestId);
        response.putHeader("X-Content-Type-Options", "nosniff");
        always.forEach(response::putHeader);
        if (principal.authenticated()) {
            response.putHeader("Cache-Control", "no-store");
        }
        if (mediaType != null && !mediaType.isEmpty()) {
            response.putHeader("Content-Type", mediaType);
        }
        headers.forEach(response::putHeader);
    }

    /** Whether the next request can follow on this connection: only when this one's body has been, or is cheap to be, read. */
    private boolean keepConnection() {
        if (bodyRead || request.isEnded() || !announcesBody()) {
            return true;
        }
        long length = announcedLength();
        if (length >= 0 && length <= WORTH_DRAINING) {
            request.handler(null);
            request.resume();
            return true;
        }
        return false;
    }

    /** A client that is still sending reads the answer only when nobody slams the door. */
    private void linger() {
        request.handler(ignored -> {});
        request.resume();
        context.owner().setTimer(LINGER_MS, late -> request.connection().close());
    }

    boolean announcesBody() {
        return announcedLength() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    /** Content-Length, or -1 when it is not given. */
    long announcedLength() {
        String length = request.getHeader("Content-Length");
        try {
            return length == null ? -1 : Long.parseLong(length.strip());
        } catch (NumberFormatException malformed) {
            return -1;
        }
    }
}
