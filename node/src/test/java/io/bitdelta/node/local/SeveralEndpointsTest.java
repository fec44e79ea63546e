package io.bitdelta.node.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.chain.ChainFixture;
import io.bitdelta.node.chain.EmbeddedChain;
import io.bitdelta.node.chain.endpoint.EndpointPool;
import io.bitdelta.node.chain.endpoint.EndpointState;
import io.bitdelta.node.chain.endpoint.Health;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.did.DidChange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node over two endpoints of one real chain, the preferred of which misbehaves. */
final class SeveralEndpointsTest {
    @TempDir
    Path folder;

    private EmbeddedChain chain;
    private Proxy proxy;
    private LocalNode node;
    private Secp256k1Key alice;

    /** Stands before the chain and changes its answers; null is no answer. */
    private static final class Proxy implements AutoCloseable {
        private final HttpServer server;
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final HttpClient client = HttpClient.newHttpClient();
        private final URI chain;
        private volatile UnaryOperator<String> change = UnaryOperator.identity();

        Proxy(String chain) throws IOException {
            this.chain = URI.create(chain);
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", this::handle);
            server.start();
        }

        private void handle(HttpExchange exchange) throws IOException {
            byte[] request = exchange.getRequestBody().readAllBytes();
            try {
                String answer = change.apply(client.send(
                                HttpRequest.newBuilder(chain)
                                        .header("Content-Type", "application/json")
                                        .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                                        .build(),
                                BodyHandlers.ofString())
                        .body());
                byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(bytes.length == 0 ? 503 : 200, Math.max(1, bytes.length));
                exchange.getResponseBody().write(bytes.length == 0 ? new byte[] {'x'} : bytes);
                exchange.close();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
            threads.close();
            client.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        chain = ChainFixture.start(folder.resolve("chain"));
        chain.client().rpc("anvil_mine", "0x20");
        proxy = new Proxy(chain.client().url());
        Secp256k1Key relayer = Secp256k1Key.generate(new SecureRandom());
        alice = Secp256k1Key.generate(new SecureRandom());
        chain.fund(relayer.address().hex());
        Path data = Files.createDirectories(folder.resolve("node"));
        Files.writeString(
                data.resolve("config.yaml"),
                "chain:\n  rpc: '%s, %s'\n  confirmations: 1\n"
                        .formatted(proxy.url(), chain.client().url()));
        node = LocalNode.open(data, NodeConfig.load(data, Optional.empty()), Optional.of(relayer), Clock.systemUTC());
        chain.client().rpc("anvil_mine", "0x20");
    }

    @AfterEach
    void close() throws IOException {
        node.close();
        proxy.close();
        chain.close();
    }

    private EndpointPool pool() {
        return node.endpoints().orElseThrow();
    }

    private List<Health> health() {
        return pool().states().stream().map(EndpointState::health).toList();
    }

    private void change() {
        node.didChanges()
                .apply(
                        alice.address(),
                        new DidChange.AddDelegate("veriKey", alice.address(), 3600),
                        NodeFixture.signer(alice));
        node.indexer().catchUp();
    }

    private String document() {
        return node.dids()
                .resolve("did:lux:31337:" + alice.address().hex())
                .result()
                .toString();
    }

    @Test
    void anEndpointThatFailsStopsNothing() {
        pool().check();
        assertThat(health()).containsExactly(Health.GOOD, Health.GOOD);
        proxy.change = answer -> "";
        change();
        assertThat(document()).contains("delegate-1");
        assertThat(health()).containsExactly(Health.FAILING, Health.GOOD);
        proxy.change = UnaryOperator.identity();
        pool().check();
        assertThat(health()).containsExactly(Health.GOOD, Health.GOOD);
    }

    @Test
    void anEndpointThatLiesIsLeftAndTheNodeWorksOnWithTheOther() {
        pool().check();
        proxy.change = answer -> answer.replaceAll("\"hash\":\"0x[0-9a-f]{8}", "\"hash\":\"0xdeadbeef");
        pool().check();
        assertThat(health()).containsExactly(Health.LYING, Health.GOOD);
        change();
        assertThat(document()).contains("delegate-1");
        proxy.change = UnaryOperator.identity();
        for (int i = 0; i < 3; i++) {
            assertThat(health().getFirst()).isEqualTo(Health.LYING);
            pool().check();
        }
        assertThat(health()).containsExactly(Health.GOOD, Health.GOOD);
    }

    @Test
    void anEndpointOfAnotherChainIsLeft() {
        proxy.change = answer -> answer.replace("\"result\":\"0x7a69\"", "\"result\":\"0x1\"");
        pool().check();
        assertThat(health()).containsExactly(Health.WRONG_CHAIN, Health.GOOD);
        change();
        assertThat(document()).contains("delegate-1");
    }
}
