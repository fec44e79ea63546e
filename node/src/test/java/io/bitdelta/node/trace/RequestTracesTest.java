package io.bitdelta.node.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.auth.ApiKeys;
import io.bitdelta.node.auth.Scope;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.did.DidChange;
import io.bitdelta.node.did.DidChangeForm;
import io.bitdelta.node.did.DidChanges;
import io.bitdelta.node.jobs.JobState;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.local.ServedNode;
import io.bitdelta.node.trace.OtlpReceiver.Seen;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A request's way through the node, as a collector sees it. */
final class RequestTracesTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String TRACEPARENT = "00-" + TRACE + "-" + CALLER + "-01";

    @TempDir
    Path folder;

    @Test
    void aRequestIsFollowedOverItsJobToTheChain() throws IOException, InterruptedException {
        Secp256k1Key key = Secp256k1Key.generate(new SecureRandom());
        LuxDid did = new LuxDid(31337, key.address());
        String secret;
        List<Seen> spans;
        try (OtlpReceiver collector = new OtlpReceiver();
                HttpClient client = HttpClient.newHttpClient()) {
            Path config = Files.writeString(
                    folder.resolve("traces.yaml"), "traces: { endpoint: \"%s\" }\n".formatted(collector.endpoint()));
            try (LocalNode node =
                            NodeFixture.open(folder.resolve("node"), NodeConfig.load(folder, Optional.of(config)));
                    ServedNode server = ServedNode.start(node, "127.0.0.1", 0)) {
                node.catchUp();
                node.jobs().start();
                secret = new ApiKeys(node.database(), new SecureRandom(), Clock.systemUTC())
                        .create("t", Optional.of(key.address()), EnumSet.of(Scope.PUBLISH), Duration.ofDays(1))
                        .secret();
                DidChange change = new DidChange.SetAttribute("did/svc/Secretive", "0x736563726574", 60);
                DidChanges.Slot slot = node.didChanges().slot(did.address());
                String signature = HexText.of(
                        key.sign(DidChanges.digest(did.address(), change, slot)).bytes());
                HttpResponse<String> accepted = client.send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://127.0.0.1:%d/api/dids/%s/changes".formatted(server.port(), did)))
                                .header("Content-Type", "application/json")
                                .header("X-API-Key", secret)
                                .header("X-Request-Id", "mine")
                                .header("traceparent", TRACEPARENT)
                                .POST(BodyPublishers.ofString(JsonMapper.shared()
                                        .writeValueAsString(Map.of(
                                                "change", DidChangeForm.of(change),
                                                "nonce", slot.nonce(),
                                                "deadline", slot.deadline(),
                                                "signature", signature))))
                                .build(),
                        BodyHandlers.ofString());
                assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
                assertThat(accepted.headers().firstValue("X-Request-Id")).hasValue(TRACE);
                JsonNode job = JsonMapper.shared().readTree(accepted.body());
                finish(node, job.path("job").asString());
                upload(client, server, secret, did);
            }
            spans = collector.spans();
        }
        Map<String, Seen> byId = spans.stream().collect(Collectors.toMap(Seen::id, Function.identity()));
        List<Seen> ours =
                spans.stream().filter(span -> span.trace().equals(TRACE)).toList();
        assertThat(ours)
                .extracting(Seen::name)
                .contains(
                        "POST /api/dids/{did}/changes",
                        "job did-change",
                        "step confirmed",
                        "chain transaction",
                        "rpc eth_sendRawTransaction",
                        "POST /api/deltas",
                        "store import");
        for (Seen span : ours) {
            assertThat(span.parent().equals(CALLER) || byId.containsKey(span.parent()))
                    .as("%s hangs in the trace", span)
                    .isTrue();
        }
        Seen transaction = named(ours, "chain transaction");
        assertThat(transaction.attributes().get("bitdelta.tx.hash")).startsWith("0x");
        assertThat(parent(byId, transaction).name()).isEqualTo("step confirmed");
        assertThat(parent(byId, parent(byId, transaction)).name()).isEqualTo("job did-change");
        assertThat(parent(byId, named(ours, "job did-change")).name()).isEqualTo("POST /api/dids/{did}/changes");
        assertThat(named(ours, "POST /api/dids/{did}/changes").parent()).isEqualTo(CALLER);
        assertThat(named(ours, "POST /api/dids/{did}/changes").attributes())
                .containsEntry("http.response.status_code", "202");
        assertThat(parent(byId, named(ours, "store import")).name()).isEqualTo("POST /api/deltas");
        // Neither credentials nor what callers sent.
        assertThat(spans.toString()).doesNotContain(secret, "Secretive", "736563726574", "tiny-qwen3", did.toString());
    }

    private void upload(HttpClient client, ServedNode server, String secret, LuxDid did)
            throws IOException, InterruptedException {
        byte[] delta = Files.readAllBytes(NodeFixture.delta("user-a", folder));
        String head = field("identity", did.address().hex()) + field("baseName", "tiny-qwen3")
                + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"d\"\r\n\r\n";
        HttpResponse<String> accepted = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/api/deltas".formatted(server.port())))
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .header("X-API-Key", secret)
                        .header("traceparent", TRACEPARENT)
                        .POST(BodyPublishers.concat(
                                BodyPublishers.ofString(head),
                                BodyPublishers.ofByteArray(delta),
                                BodyPublishers.ofString("\r\n--b--\r\n")))
                        .build(),
                BodyHandlers.ofString());
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    }

    private static String field(String name, String value) {
        return "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(name, value);
    }

    private static Seen parent(Map<String, Seen> byId, Seen span) {
        return Objects.requireNonNull(byId.get(span.parent()));
    }

    private static Seen named(List<Seen> spans, String name) {
        return spans.stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void finish(LocalNode node, String id) {
        for (int i = 0; i < 600; i++) {
            if (node.jobs().find(id).orElseThrow().state() == JobState.SUCCEEDED) {
                return;
            }
            LockSupport.parkNanos(100_000_000);
        }
        throw new AssertionError("not finished: " + node.jobs().find(id));
    }

    @Test
    void theChainsEndpointMayContinueTheTraceAndACollectorThatIsAwayCostsNothing() throws IOException {
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpServer chain = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        chain.createContext("/", exchange -> {
            seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")));
            exchange.getRequestBody().readAllBytes();
            byte[] answer = "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":\"0x7a69\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        chain.start();
        try (ChainClient client = new ChainClient(
                        "http://127.0.0.1:%d".formatted(chain.getAddress().getPort()));
                Traces traces = Traces.to("http://127.0.0.1:1/v1/traces", 1.0, "test", "1")) {
            assertThat(client.chainId()).isEqualTo(31337);
            Traced request = traces.request("GET", TRACEPARENT);
            Traced.Part part = request.enter();
            assertThat(client.chainId()).isEqualTo(31337);
            part.close();
            request.end();
        } finally {
            chain.stop(0);
        }
        assertThat(seen.getFirst()).isEqualTo("null");
        assertThat(seen.get(1)).startsWith("00-" + TRACE + "-").doesNotContain(CALLER);
    }

    @Test
    void aMalformedTraceparentBeginsATraceOfItsOwn() {
        try (Traces traces = Traces.to("http://127.0.0.1:1/v1/traces", 0.0, "test", "1")) {
            Set<String> ids =
                    List.of("", "garbage", "00-" + "0".repeat(32) + "-" + CALLER + "-01", "x".repeat(100_000)).stream()
                            .map(header -> traces.request("GET", header).id().orElseThrow())
                            .collect(Collectors.toSet());
            assertThat(ids)
                    .hasSize(4)
                    .allMatch(id -> id.matches("[0-9a-f]{32}"))
                    .doesNotContain("0".repeat(32));
        }
        assertThat(Traces.OFF.request("GET", TRACEPARENT).id()).isEmpty();
    }
}
