package io.bitdelta.ipfs.kubo;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Stands between the client and a real peer and spoils some answers. */
final class FaultyProxy {
    /** What happens to an answer. */
    enum Fault {
        NONE,
        STATUS_503,
        STATUS_500,
        CUT_HEAD,
        CUT_BODY,
        WRONG_BYTES,
        WRONG_CID,
        SILENCE,
        SLOW_BYTES,
        STALL_IN_BODY,
        NOT_JSON,
        WRONG_TYPES,
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final URI peer;
    private volatile Fault fault = Fault.STATUS_503;
    private final URI api;

    FaultyProxy(Vertx vertx, URI peer) throws Exception {
        this.peer = peer;
        int port = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> forward(request, body)))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        this.api = URI.create("http://127.0.0.1:" + port);
    }

    URI api() {
        return api;
    }

    /** The next {@code times} answers are spoiled; calls are counted from now. */
    void spoil(Fault how, int times) {
        fault = how;
        left.set(times);
        calls.set(0);
    }

    int calls() {
        return calls.get();
    }

    private void forward(HttpServerRequest request, Buffer body) {
        calls.incrementAndGet();
        Fault current = left.getAndDecrement() > 0 ? fault : Fault.NONE;
        if (current == Fault.STATUS_503 || current == Fault.STATUS_500) {
            request.response()
                    .setStatusCode(current == Fault.STATUS_503 ? 503 : 500)
                    .end("{\"Message\":\"spoiled\"}");
            return;
        }
        if (current == Fault.CUT_HEAD) {
            request.connection().close();
            return;
        }
        if (current == Fault.SILENCE) {
            return;
        }
        HttpRequest onward = HttpRequest.newBuilder(peer.resolve(request.uri()))
                .header("Content-Type", String.valueOf(request.getHeader("Content-Type")))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes()))
                .build();
        Thread.ofVirtual().start(() -> {
            try {
                reply(request, current, http.send(onward, HttpResponse.BodyHandlers.ofByteArray()));
            } catch (java.io.IOException | InterruptedException e) {
                request.connection().close();
            }
        });
    }

    private static void reply(HttpServerRequest request, Fault fault, HttpResponse<byte[]> answer) {
        byte[] bytes = answer.body();
        request.response().setStatusCode(answer.statusCode());
        if (fault == Fault.CUT_BODY) {
            request.response().putHeader("Content-Length", Integer.toString(bytes.length));
            request.response()
                    .write(Buffer.buffer(bytes).slice(0, bytes.length / 2))
                    .onComplete(done -> request.connection().close());
            return;
        }
        if (fault == Fault.SLOW_BYTES || fault == Fault.STALL_IN_BODY) {
            request.response().putHeader("Content-Length", Integer.toString(bytes.length));
            request.response().write(Buffer.buffer(bytes).slice(0, bytes.length / 2));
            if (fault == Fault.SLOW_BYTES) {
                trickle(request, bytes, bytes.length / 2);
            }
            return;
        }
        if (fault == Fault.WRONG_BYTES) {
            bytes[bytes.length / 2] ^= 1;
        }
        if (fault == Fault.NOT_JSON) {
            bytes = "<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
        if (fault == Fault.WRONG_TYPES) {
            bytes = "{\"Root\":[1],\"Key\":{},\"Keys\":7,\"Cid\":[],\"Size\":\"many\",\"ID\":{\"a\":[[[]]]}}"
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
        if (fault == Fault.WRONG_CID) {
            String other = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
            bytes = new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
                    .replaceAll("ba[a-z2-7]{57}", other)
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
        request.response().end(Buffer.buffer(bytes));
    }

    /** A byte every 20 ms, until nobody listens any more. */
    private static void trickle(HttpServerRequest request, byte[] bytes, int at) {
        if (at < bytes.length && !request.response().closed()) {
            request.response().write(Buffer.buffer(1).appendByte(bytes[at]));
            Thread.ofVirtual().start(() -> {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                trickle(request, bytes, at + 1);
            });
        }
    }
}
