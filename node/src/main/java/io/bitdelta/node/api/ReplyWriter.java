package io.bitdelta.node.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Puts answers on the wire. */
final class ReplyWriter {
    private static final int PIECE = 64 << 10;
    private static final long HEARTBEAT_MS = 15_000;
    private static final long STALLED_S = 60;
    private static final long COME_BACK_MS = 5_000;

    private ReplyWriter() {}

    /** Sends a refusal; any thread. */
    static void refuse(Exchange exchange, Problem problem) {
        Buffer body = Buffer.buffer(Json.write(problem.document(exchange.requestId())));
        exchange.context()
                .runOnContext(now -> exchange.send(problem.status(), Problem.MEDIA_TYPE, problem.headers(), body));
    }

    /** Whether an answer is there whole. */
    static boolean whole(Reply reply) {
        return !(reply.body() instanceof Reply.Stream) && !(reply.body() instanceof Reply.Events);
    }

    /** Sends an answer that is there whole; on the event loop. */
    static void sendWhole(Exchange exchange, Reply reply) {
        switch (reply.body()) {
            case Reply.Nothing nothing -> exchange.send(reply.status(), null, reply.headers(), null);
            case Reply.Json json ->
                exchange.send(
                        reply.status(), json.mediaType(), reply.headers(), Buffer.buffer(Json.write(json.value())));
            case Reply.Bytes bytes ->
                exchange.send(reply.status(), bytes.mediaType(), reply.headers(), Buffer.buffer(bytes.content()));
            default -> throw new IllegalArgumentException("this answer is written piece by piece");
        }
    }

    /**
     * Sends any answer; on a virtual thread, blocks until the last piece is taken.
     *
     * @param stopping whether the node is about to end
     */
    static void send(Exchange exchange, Reply reply, BooleanSupplier stopping)
            throws IOException, InterruptedException {
        switch (reply.body()) {
            case Reply.Json json -> {
                Buffer body = Buffer.buffer(Json.write(json.value()));
                exchange.context()
                        .runOnContext(now -> exchange.send(reply.status(), json.mediaType(), reply.headers(), body));
            }
            case Reply.Stream stream -> {
                if (start(exchange, reply, stream.mediaType())) {
                    finish(exchange, reply.status(), () -> {
                        try (OutputStream out = new BufferedOutputStream(new Pieces(exchange), PIECE)) {
                            stream.writer().write(out);
                        }
                    });
                }
            }
            case Reply.Events events -> {
                if (start(exchange, reply.withHeader("X-Accel-Buffering", "no"), "text/event-stream")) {
                    finish(exchange, reply.status(), () -> {
                        try (Sink sink = new Sink(exchange, stopping)) {
                            events.source().run(sink);
                            sink.farewell();
                        }
                    });
                }
            }
            default -> exchange.context().runOnContext(now -> sendWhole(exchange, reply));
        }
    }

    private static boolean start(Exchange exchange, Reply reply, String mediaType)
            throws InterruptedException, IOException {
        Map<String, String> headers = new LinkedHashMap<>(reply.headers());
        headers.putIfAbsent("Cache-Control", "no-store");
        return await(exchange.onLoop(() -> Future.succeededFuture(exchange.start(reply.status(), mediaType, headers))));
    }

    private interface Writing {
        void run() throws IOException;
    }

    private static void finish(Exchange exchange, int status, Writing writing) throws IOException {
        boolean whole = false;
        try {
            writing.run();
            whole = true;
        } finally {
            boolean ok = whole;
            exchange.context().runOnContext(now -> exchange.end(status, ok));
        }
    }

    private static <T> T await(CompletableFuture<T> future) throws IOException, InterruptedException {
        try {
            return future.get(STALLED_S, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new IOException("the client has left", failed.getCause());
        } catch (TimeoutException stalled) {
            throw new IOException("the client has read nothing for %d s".formatted(STALLED_S), stalled);
        }
    }

    private static void write(Exchange exchange, Buffer piece) throws IOException {
        try {
            await(exchange.onLoop(() -> {
                HttpServerResponse response = exchange.request().response();
                if (response.closed()) {
                    return Future.failedFuture(new IOException("closed"));
                }
                return response.write(piece);
            }));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("the node stops", interrupted);
        }
    }

    private static final class Pieces extends OutputStream {
        private final Exchange exchange;

        Pieces(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0) {
                ReplyWriter.write(exchange, Buffer.buffer(length).appendBytes(bytes, offset, length));
            }
        }
    }

    private static final class Sink implements Reply.EventSink, AutoCloseable {
        private final Exchange exchange;
        private final BooleanSupplier stopping;
        private final long heartbeat;

        Sink(Exchange exchange, BooleanSupplier stopping) {
            this.exchange = exchange;
            this.stopping = stopping;
            // Comments keep idle timers of proxies, and this server's own, from closing a quiet stream.
            this.heartbeat = exchange.context()
                    .owner()
                    .setPeriodic(
                            HEARTBEAT_MS,
                            now -> exchange.context().runOnContext(beat -> {
                                HttpServerResponse response = exchange.request().response();
                                if (!response.closed() && !response.ended()) {
                                    response.write(": \n\n");
                                }
                            }));
        }

        @Override
        public void send(String id, String event, Object data) throws IOException {
            if (id.lines().count() > 1 || event.lines().count() > 1) {
                throw new IllegalArgumentException("an event's id and kind are one line each");
            }
            String json = new String(Json.write(data), StandardCharsets.UTF_8);
            write(exchange, Buffer.buffer("id: %s\nevent: %s\ndata: %s\n\n".formatted(id, event, json)));
        }

        @Override
        public boolean open() {
            return !stopping.getAsBoolean() && !exchange.request().response().closed();
        }

        /** Tells a client that still listens to come back; without an id, so that it goes on where it was. */
        void farewell() throws IOException {
            if (stopping.getAsBoolean() && !exchange.request().response().closed()) {
                write(exchange, Buffer.buffer("event: stopping\nretry: %d\ndata: {}\n\n".formatted(COME_BACK_MS)));
            }
        }

        @Override
        public void close() {
            exchange.context().owner().cancelTimer(heartbeat);
        }
    }
}
