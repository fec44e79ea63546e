package io.bitdelta.attestation.collateral;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/** A collateral service on the loopback interface that answers what a test puts in. */
public final class PlayedService implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Answer> answers = Collections.synchronizedMap(new HashMap<>());
    private final List<String> questions = Collections.synchronizedList(new ArrayList<>());
    private volatile UnaryOperator<byte[]> responder = question -> new byte[0];
    private final CountDownLatch closing = new CountDownLatch(1);

    /** An answer by path. */
    private interface Answer {
        void write(HttpExchange exchange) throws IOException;
    }

    /** A service without answers. */
    public PlayedService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Thread::startVirtualThread);
        server.createContext("/base", exchange -> {
            try (exchange) {
                if (exchange.getRequestMethod().equals("POST")) {
                    post(exchange);
                    return;
                }
                String path = exchange.getRequestURI().toString().substring("/base/".length());
                String tag = exchange.getRequestHeaders().getFirst("If-None-Match");
                questions.add(path + (tag == null ? "" : " unless " + tag));
                Answer answer = answers.get(path);
                if (answer == null) {
                    exchange.sendResponseHeaders(404, -1);
                } else {
                    answer.write(exchange);
                }
            }
        });
        server.start();
    }

    private void post(HttpExchange exchange) throws IOException {
        byte[] question = exchange.getRequestBody().readAllBytes();
        questions.add("POST " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Content-Type"));
        byte[] answer = responder.apply(question);
        if (answer.length == 0) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
    }

    /** What is answered to posted questions; an empty answer is a 404. */
    public PlayedService posted(UnaryOperator<byte[]> answer) {
        responder = answer;
        return this;
    }

    /** Its address, without a slash at the end. */
    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/base");
    }

    /** The paths that were asked for, with the entity tag that was sent. */
    public List<String> questions() {
        return List.copyOf(questions);
    }

    /** Answers with a body, an entity tag, and a chain in a header. */
    public PlayedService with(String path, byte[] body, String header, String pem) {
        answers.put(path, exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"" + path.length() + "\"");
            if (!header.isEmpty()) {
                exchange.getResponseHeaders()
                        .set(
                                header,
                                URLEncoder.encode(pem, StandardCharsets.UTF_8).replace("+", "%20"));
            }
            if (("\"" + path.length() + "\"")
                    .equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        });
        return this;
    }

    /** Answers with a body alone. */
    public PlayedService with(String path, byte[] body) {
        return with(path, body, "", "");
    }

    /** Answers with a status alone. */
    public PlayedService status(String path, int code) {
        answers.put(path, exchange -> {
            exchange.getResponseHeaders().set("Location", "/base/elsewhere");
            exchange.sendResponseHeaders(code, -1);
        });
        return this;
    }

    /** Answers with more bytes than any document has. */
    public PlayedService endless(String path) {
        answers.put(path, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[1 << 16];
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < 4096; i++) {
                    out.write(block);
                }
            } catch (IOException hungUp) {
                // What a client with a limit does.
            }
        });
        return this;
    }

    /** Begins an answer and never ends it. */
    public PlayedService stalled(String path) {
        answers.put(path, exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return this;
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }
}
