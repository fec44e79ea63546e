package io.bitdelta.node.chain;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A JSON-RPC endpoint that stands before a real one and misbehaves. */
final class FaultyRpc implements AutoCloseable {
    /** What it does to a request. */
    enum Misdeed {
        /** Nothing. */
        NONE,
        /** The chain gets the request, the client no answer. */
        LOSE_REPLY,
        /** Nobody gets anything. */
        LOSE_REQUEST,
        /** The chain gets it twice; the client hears the second answer. */
        DUPLICATE,
        /** It arrives after later ones. */
        DELAY,
        /** It arrives, and its answer comes later than the client waits. */
        STALL,
        /** Every second transaction overtakes the one before it. */
        REORDER,
        /** A transaction is taken and forgotten. */
        SWALLOW,
        /** The endpoint is overloaded. */
        OVERLOAD,
        /** It speaks of another chain. */
        WRONG_CHAIN
    }

    private static final String ACCEPTED = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x%064x\"}".formatted(1);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI chain;
    private final Supplier<Misdeed> misdeeds;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<@Nullable String> keptBack = new AtomicReference<>();

    FaultyRpc(String chain, Supplier<Misdeed> misdeeds) throws IOException {
        this.chain = URI.create(chain);
        this.misdeeds = misdeeds;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Misdeeds in the order of a seed, one of {@code oneIn} requests on average. */
    static Supplier<Misdeed> random(long seed, int oneIn) {
        Random random = new Random(seed);
        Misdeed[] all = {
            Misdeed.LOSE_REPLY,
            Misdeed.LOSE_REQUEST,
            Misdeed.DUPLICATE,
            Misdeed.DELAY,
            Misdeed.SWALLOW,
            Misdeed.OVERLOAD,
            Misdeed.WRONG_CHAIN
        };
        return () -> {
            synchronized (random) {
                return random.nextInt(oneIn) == 0 ? all[random.nextInt(all.length)] : Misdeed.NONE;
            }
        };
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How many misdeeds there were. */
    int done() {
        return done.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Misdeed misdeed = misdeeds.get();
        if (misdeed != Misdeed.NONE) {
            done.incrementAndGet();
        }
        boolean sends = request.contains("eth_sendRawTransaction");
        switch (misdeed) {
            case NONE -> answer(exchange, 200, forward(request));
            case LOSE_REPLY -> {
                forward(request);
                exchange.close();
            }
            case LOSE_REQUEST -> exchange.close();
            case DUPLICATE -> {
                forward(request);
                answer(exchange, 200, forward(request));
            }
            case DELAY -> {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(60));
                answer(exchange, 200, forward(request));
            }
            case STALL -> {
                String answer = forward(request);
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
                answer(exchange, 200, answer);
            }
            case REORDER -> answer(exchange, 200, sends ? overtaken(request) : forward(request));
            case SWALLOW -> answer(exchange, 200, sends ? ACCEPTED : forward(request));
            case OVERLOAD -> answer(exchange, 503, "try later");
            case WRONG_CHAIN ->
                answer(
                        exchange,
                        200,
                        request.contains("eth_chainId")
                                ? "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x7a\"}"
                                : forward(request));
        }
    }

    /** Keeps a transaction back until another one has passed it. */
    private String overtaken(String request) throws IOException {
        String before = keptBack.getAndSet(null);
        if (before == null) {
            keptBack.set(request);
            return ACCEPTED;
        }
        String answer = forward(request);
        forward(before);
        return answer;
    }

    private String forward(String request) throws IOException {
        try {
            return client.send(
                            HttpRequest.newBuilder(chain)
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(request))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
        client.close();
    }
}
