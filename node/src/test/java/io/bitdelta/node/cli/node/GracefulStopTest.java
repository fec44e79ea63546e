package io.bitdelta.node.cli.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.api.NodeCaller;
import io.bitdelta.node.cli.Main;
import io.bitdelta.node.fault.JavaProcess;
import io.bitdelta.node.local.NodeFixture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** SIGTERM, to a real process that has its hands full. */
final class GracefulStopTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path folder;

    /** A running {@code node start}. */
    private static final class Running implements AutoCloseable {
        private final Process process;
        private final String url;
        private final List<String> log = new CopyOnWriteArrayList<>();

        Running(Path data) throws IOException {
            process = JavaProcess.start(
                    Main.class, List.of("node", "start", "--data", data.toString(), "--port", "0", "--json"));
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            String found = "";
            for (String line = lines.readLine();
                    line != null && found.isEmpty();
                    line = found.isEmpty() ? lines.readLine() : line) {
                log.add(line);
                if (line.startsWith("{\"chainId\"")) {
                    found = JsonMapper.shared().readTree(line).path("gateway").asString();
                }
            }
            if (found.isEmpty()) {
                throw new AssertionError("it did not start: " + log);
            }
            url = found;
            Thread.ofVirtual().start(() -> lines.lines().forEach(log::add));
        }

        int port() {
            return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private String key(Path data) throws IOException {
        Files.createDirectories(data);
        StringWriter out = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true));
        assertThat(line.execute(
                        "node",
                        "key",
                        "new",
                        "--label",
                        "t",
                        "--scopes",
                        "publish,sponsor,operator",
                        "--json",
                        "--data",
                        data.toString()))
                .isZero();
        return JsonMapper.shared().readTree(out.toString()).path("key").asString();
    }

    @Test
    void requestsEndStreamsSaySoAndJobsGoOnAfterwards() throws Exception {
        Path data = folder.resolve("node");
        String key = key(data);
        Secp256k1Key alice = Secp256k1Key.generate(RANDOM);
        Secp256k1Key bob = Secp256k1Key.generate(RANDOM);
        Secp256k1Key carol = Secp256k1Key.generate(RANDOM);
        Path delta = NodeFixture.delta("user-a", folder);
        byte[] upload = Files.readAllBytes(delta);
        String waiting;
        String running;
        String late;
        try (Running node = new Running(data);
                NodeCaller caller = new NodeCaller(node.url, key)) {
            waiting = caller.publish(delta, alice).path("id").asString();
            running = caller.publish(delta, bob).path("id").asString();
            caller.awaitWaiting(waiting);
            JsonNode wantsBob = caller.awaitWaiting(running);

            List<String> events = new CopyOnWriteArrayList<>();
            CompletableFuture<Void> stream = caller.client()
                    .sendAsync(
                            caller.request("/api/jobs/" + waiting + "/events")
                                    .GET()
                                    .build(),
                            BodyHandlers.ofLines())
                    .thenAccept(answer -> answer.body().forEach(events::add));
            for (int i = 0; i < 200 && events.stream().noneMatch("event: prepared"::equals); i++) {
                LockSupport.parkNanos(50_000_000);
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
                socket.setSoTimeout(30_000);
                OutputStream out = socket.getOutputStream();
                byte[] head = NodeCaller.head(carol).getBytes(StandardCharsets.UTF_8);
                byte[] tail = NodeCaller.TAIL.getBytes(StandardCharsets.UTF_8);
                out.write(("POST /api/deltas HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + key
                                + "\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                                + (head.length + upload.length + tail.length) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(head);
                out.write(upload, 0, upload.length / 2);
                out.flush();
                caller.sign(wantsBob, bob);
                node.process.destroy();
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                out.write(upload, upload.length / 2, upload.length - upload.length / 2);
                out.write(tail);
                out.flush();
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer).startsWith("HTTP/1.1 202");
                late = JsonMapper.shared()
                        .readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                        .path("id")
                        .asString();
            }
            stream.get(20, TimeUnit.SECONDS);
            assertThat(events).contains("event: prepared");
            assertThat(events.subList(events.lastIndexOf("event: stopping"), events.size()))
                    .contains("data: {}")
                    .noneMatch(line -> line.startsWith("id:"));
            assertThat(node.process.waitFor(45, TimeUnit.SECONDS))
                    .as("%s", node.log)
                    .isTrue();
            assertThat(node.log).noneMatch(line -> line.contains("did not stop in time"));
        }
        try (Running node = new Running(data);
                NodeCaller caller = new NodeCaller(node.url, key)) {
            assertThat(caller.awaitEnd(running).path("state").asString()).isEqualTo("SUCCEEDED");
            assertThat(caller.awaitWaiting(waiting).path("waitingFor").asString())
                    .isEqualTo("signature");
            assertThat(caller.awaitWaiting(late).path("waitingFor").asString()).isEqualTo("signature");
            for (int i = 0; i < 100 && count(caller, bob) == 0; i++) {
                LockSupport.parkNanos(100_000_000);
            }
            assertThat(count(caller, bob)).isEqualTo(1);
            node.process.destroy();
            assertThat(node.process.waitFor(45, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static int count(NodeCaller caller, Secp256k1Key owner) {
        return caller.get("/api/dids/did:lux:31337:%s/deltas".formatted(owner.address()))
                .json()
                .path("items")
                .size();
    }
}
