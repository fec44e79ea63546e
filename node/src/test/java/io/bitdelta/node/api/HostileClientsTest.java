package io.bitdelta.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.auth.CredentialRefusedException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that trickle, flood, break off and lie cost a bounded amount of memory, disk and time. */
@Timeout(60)
final class HostileClientsTest {
    private static final String PATHS = """
              /echo:
                post:
                  operationId: echo
                  x-access: public
                  security: []
                  requestBody:
                    required: true
                    content: { application/json: { schema: { type: object } } }
                  responses:
                    "200": { description: ok, content: { application/json: { schema: { type: object } } } }
                    default: { description: no, content: { application/problem+json: { schema: { type: object } } } }
                get:
                  operationId: wait
                  x-access: public
                  security: []
                  responses:
                    "200": { description: ok, content: { application/json: { schema: { type: object } } } }
                    default: { description: no, content: { application/problem+json: { schema: { type: object } } } }
              /files:
                post:
                  operationId: files
                  x-access: public
                  security: []
                  x-max-bytes: 100000
                  requestBody:
                    required: true
                    content:
                      multipart/form-data:
                        schema: { type: object, properties: { file: { type: string } } }
                  responses:
                    "200": { description: ok, content: { application/json: { schema: { type: object } } } }
                    default: { description: no, content: { application/problem+json: { schema: { type: object } } } }
            """;

    @TempDir
    static Path work;

    private static final CountDownLatch release = new CountDownLatch(1);
    private static final CountDownLatch entered = new CountDownLatch(3);
    private static TestApi api;

    @BeforeAll
    static void start() {
        ServerSettings.Limits tight = new ServerSettings.Limits(
                1000,
                1000,
                3,
                Duration.ofMillis(700),
                Duration.ofSeconds(30),
                Duration.ofMillis(900),
                Duration.ofSeconds(3));
        api = TestApi.start(
                new ServerSettings(
                        "127.0.0.1", 0, Optional.empty(), false, Set.of("https://app.example"), work, tight, true),
                TestApi.contract(PATHS),
                credential -> {
                    throw new CredentialRefusedException("unknown");
                },
                Lending.NONE,
                List.of(operations -> {
                    operations.on("echo", call -> Reply.ok(call.json()));
                    operations.on("wait", call -> {
                        entered.countDown();
                        release.await();
                        return Reply.ok(Map.of());
                    });
                    operations.on("files", call -> Reply.ok(Map.of()));
                }));
    }

    @AfterAll
    static void stop() {
        release.countDown();
        api.close();
    }

    private static String talk(String... pieces) throws IOException {
        return talk(0, pieces);
    }

    private static String talk(int pauseMs, String... pieces) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            for (String piece : pieces) {
                out.write(piece.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                pause(pauseMs);
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (java.net.SocketException closed) {
            return "";
        }
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void headersThatTrickleInAreCutOff() throws IOException {
        String[] pieces = new String[12];
        pieces[0] = "GET /health HTTP/1.1\r\nHost: x\r\n";
        for (int i = 1; i < pieces.length; i++) {
            pieces[i] = "X-A%d: b\r\n".formatted(i);
        }
        long start = System.nanoTime();
        assertThat(talk(300, pieces)).doesNotContain("200 OK");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void aBodyThatTricklesInIsRefused() throws IOException {
        String answer = talk(
                300,
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\nConnection: close\r\n\r\n",
                "{",
                " ",
                " ",
                " ",
                " ");
        assertThat(answer).contains("408 ").contains("request-timeout");
    }

    @Test
    void headersAndPathsAreBounded() throws IOException {
        assertThat(talk("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .contains("414");
        assertThat(talk("GET /echo HTTP/1.1\r\nHost: x\r\nX-Long: " + "a".repeat(20_000) + "\r\n\r\n"))
                .contains("431");
        assertThat(talk("\0\0\0\0 nonsense\r\n\r\n")).doesNotContain("200 OK");
    }

    @Test
    void uploadsThatBreakOffOrAreTooLongLeaveNothing() throws IOException {
        String head = "POST /files HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n";
        String part = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.getOutputStream()
                    .write((head + "Content-Length: 5000\r\n\r\n" + part + "abc").getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            pause(200);
        }
        StringBuilder chunks = new StringBuilder(head + "Transfer-Encoding: chunked\r\n\r\n");
        chunks.append(Integer.toHexString(part.length()))
                .append("\r\n")
                .append(part)
                .append("\r\n");
        for (int i = 0; i < 40; i++) {
            chunks.append("2000\r\n").append("x".repeat(0x2000)).append("\r\n");
        }
        talk(chunks.toString());
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (left() > 0 && System.nanoTime() < deadline) {
            pause(100);
        }
        assertThat(left()).isZero();
    }

    private static long left() throws IOException {
        try (var files = Files.list(work)) {
            return files.count();
        }
    }

    @Test
    void moreThanTheServerTakesAtOnceIsToldToComeBack() throws InterruptedException {
        List<CompletableFuture<TestApi.Answer>> waiting = java.util.stream.IntStream.range(0, 3)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> api.get("/echo"), Thread::startVirtualThread))
                .toList();
        entered.await();
        TestApi.Answer refused = api.post("/echo", "{}");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isEqualTo("1");
        release.countDown();
        waiting.forEach(each -> assertThat(each.join().status()).isEqualTo(200));
    }

    @Test
    void onlyPagesThatAreAllowedMayRead() {
        TestApi.Answer allowed = api.send(
                "/echo",
                request -> request.method("OPTIONS", BodyPublishers.noBody())
                        .header("Origin", "https://app.example")
                        .header("Access-Control-Request-Method", "POST"));
        assertThat(allowed.status()).isEqualTo(204);
        assertThat(allowed.header("access-control-allow-origin")).isEqualTo("https://app.example");
        assertThat(allowed.header("access-control-allow-methods")).contains("POST");
        TestApi.Answer other = api.send(
                "/echo",
                request -> request.method("OPTIONS", BodyPublishers.noBody())
                        .header("Origin", "https://evil.example")
                        .header("Access-Control-Request-Method", "POST"));
        assertThat(other.header("access-control-allow-origin")).isEmpty();
        assertThat(api.get("/none", "Origin", "https://evil.example").header("access-control-allow-origin"))
                .isEmpty();
    }
}
