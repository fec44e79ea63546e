package io.bitdelta.node.api.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.api.NodeCaller;
import io.bitdelta.node.auth.ApiKeys;
import io.bitdelta.node.auth.Scope;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.local.ServedNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Following a job, and what becomes of uploads and of callers who ask too often, on a real node. */
final class JobStreamsAndUploadsTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    static Path folder;

    private static LocalNode node;
    private static ServedNode server;
    private static NodeCaller caller;
    private static Path delta;

    @BeforeAll
    static void start() throws IOException {
        Path config = Files.writeString(folder.resolve("c.yaml"), "http: { perAddress: 200, perPrincipal: 40 }\n");
        node = NodeFixture.open(folder.resolve("node"), NodeConfig.load(folder, Optional.of(config)));
        server = ServedNode.start(node, "127.0.0.1", 0);
        node.catchUp();
        node.jobs().start();
        caller = caller(Optional.empty());
        delta = NodeFixture.delta("user-a", folder);
    }

    private static NodeCaller caller(Optional<Secp256k1Key> who) {
        return new NodeCaller(
                "http://127.0.0.1:" + server.port(),
                new ApiKeys(node.database(), RANDOM, Clock.systemUTC())
                        .create(
                                "t",
                                who.map(Secp256k1Key::address),
                                EnumSet.of(Scope.PUBLISH, Scope.SPONSOR),
                                Duration.ofDays(1))
                        .secret());
    }

    @AfterAll
    static void stop() throws IOException {
        caller.close();
        server.close();
        node.close();
    }

    /** Ids of the events of a stream, in order; reads until {@code most} came or the stream ended. */
    private static List<Integer> events(String job, String after, int most) throws IOException, InterruptedException {
        var request = caller.request("/api/jobs/" + job + "/events").GET();
        if (!after.isEmpty()) {
            request.header("Last-Event-ID", after);
        }
        List<Integer> ids = new ArrayList<>();
        try (Stream<String> lines =
                caller.client().send(request.build(), BodyHandlers.ofLines()).body()) {
            var each = lines.iterator();
            while (ids.size() < most && each.hasNext()) {
                String line = each.next();
                if (line.startsWith("id: ")) {
                    ids.add(Integer.valueOf(line.substring(4)));
                }
            }
        }
        return ids;
    }

    @Test
    void aStreamGoesOnAfterTheLastEventThatWasSeen() throws IOException, InterruptedException {
        Secp256k1Key owner = Secp256k1Key.generate(RANDOM);
        String job = caller.publish(delta, owner).path("id").asString();
        List<Integer> first = events(job, "", 2);
        assertThat(first).containsExactly(1, 2);
        caller.sign(caller.awaitWaiting(job), owner);
        JsonNode done = caller.awaitEnd(job);
        assertThat(done.path("state").asString()).isEqualTo("SUCCEEDED");
        List<Integer> all = new ArrayList<>(first);
        all.addAll(events(job, "2", Integer.MAX_VALUE));
        // Steps are events, and so are changes of the state.
        assertThat(all)
                .isEqualTo(IntStream.rangeClosed(1, all.size()).boxed().toList())
                .containsAll(seqs(done));
        assertThat(events(job, Integer.toString(all.getLast()), Integer.MAX_VALUE))
                .isEmpty();
        assertThat(caller.send(caller.request("/api/jobs/" + job + "/events")
                                .header("Last-Event-ID", "x")
                                .GET())
                        .status())
                .isEqualTo(400);
    }

    private static List<Integer> seqs(JsonNode job) {
        List<Integer> seqs = new ArrayList<>();
        job.path("steps").forEach(step -> seqs.add(step.path("seq").asInt()));
        return seqs;
    }

    @Test
    void anUploadThatBreaksOffLeavesNothing() throws IOException {
        byte[] upload = Files.readAllBytes(delta);
        Secp256k1Key owner = Secp256k1Key.generate(RANDOM);
        int jobs = node.jobs().newest(1000).size();
        long bytes = node.content().blocks().storedBytes();
        String key =
                caller.request("/").build().headers().firstValue("X-API-Key").orElseThrow();
        for (int cut : new int[] {0, 1, 70_000, upload.length}) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                OutputStream out = socket.getOutputStream();
                out.write(("POST /api/deltas HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + key
                                + "\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9999999\r\n\r\n"
                                + NodeCaller.head(owner))
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(upload, 0, cut);
                out.flush();
                LockSupport.parkNanos(300_000_000);
            }
            for (int i = 0; i < 100 && !work().isEmpty(); i++) {
                LockSupport.parkNanos(100_000_000);
            }
            assertThat(work()).as("cut after %d bytes of the file", cut).isEmpty();
        }
        // A form whose last part never ends is refused soon, and leaves nothing either.
        NodeCaller.Answer endless = caller.send(caller.request("/api/deltas")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString(NodeCaller.head(owner) + "no end")));
        assertThat(endless.status()).isEqualTo(400);
        assertThat(endless.json().path("type").asString()).isEqualTo("urn:bitdelta:problem:malformed-body");
        for (int i = 0; i < 100 && !work().isEmpty(); i++) {
            LockSupport.parkNanos(100_000_000);
        }
        assertThat(work()).isEmpty();
        assertThat(node.jobs().newest(1000)).hasSize(jobs);
        assertThat(node.content().blocks().storedBytes()).isEqualTo(bytes);
    }

    private static List<Path> work() throws IOException {
        try (Stream<Path> files = Files.list(node.folder().work())) {
            return files.filter(file -> file.getFileName().toString().startsWith("upload-"))
                    .toList();
        }
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeBack() {
        try (NodeCaller eager = caller(Optional.empty())) {
            NodeCaller.Answer refused = Stream.generate(() -> eager.get("/api/jobs"))
                    .limit(200)
                    .filter(answer -> answer.status() == 429)
                    .findFirst()
                    .orElseThrow();
            assertThat(refused.json().path("type").asString()).isEqualTo("urn:bitdelta:problem:too-many-requests");
            long wait =
                    refused.response().headers().firstValueAsLong("Retry-After").orElseThrow();
            assertThat(wait).isBetween(1L, 5L);
            // Somebody else is not kept waiting by this one.
            assertThat(caller.get("/api/auth/session").status()).isEqualTo(200);
            LockSupport.parkNanos(Duration.ofSeconds(wait).toNanos());
            assertThat(eager.get("/api/jobs").status()).isEqualTo(200);
        }
    }
}
