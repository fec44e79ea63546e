package io.bitdelta.node.soup.dispute;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.gateway.TrustlessGateway;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.demo.PlantedFraud;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.local.OtherParty;
import io.bitdelta.node.local.RunningNode;
import io.bitdelta.node.soup.Contribution;
import io.bitdelta.node.soup.SoupService;
import io.bitdelta.node.soup.SoupsContract;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Soups of a node whose content another node has only through gateways, one of which lies. */
final class GatewaySoupSourceTest {
    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    static Path folder;

    private static final AtomicInteger LIES = new AtomicInteger();
    private static LocalNode origin;
    private static HttpServer liar;
    private static String honestGateway = "";
    private static Bytes32 honestSoup = Bytes32.ZERO;
    private static Bytes32 wrongSoup = Bytes32.ZERO;

    @BeforeAll
    static void open() throws IOException {
        origin = NodeFixture.open(folder.resolve("origin"));
        int port = VERTX.createHttpServer()
                .requestHandler(new TrustlessGateway(origin.content().published()).router(VERTX))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        honestGateway = "http://127.0.0.1:" + port;
        liar = lying(honestGateway);
        OtherParty proposer = origin.otherParty("proposer");
        List<Contribution> members = new ArrayList<>();
        for (String user : List.of("user-a", "user-b", "user-c")) {
            members.add(Contribution.publish(origin, user, user, folder));
        }
        Path vote = folder.resolve("vote.safetensors");
        SoupService.Proposed honest = Contribution.propose(proposer.soups(), "vote", members, vote);
        honestSoup = honest.soupId();
        Path forged = folder.resolve("forged.safetensors");
        PlantedFraud.forge(vote, forged);
        wrongSoup = proposer.soups()
                .proposeResult("forged", Contribution.consents(proposer.soups(), "forged", members), forged)
                .soupId();
    }

    @AfterAll
    static void close() throws IOException {
        liar.stop(0);
        VERTX.close().toCompletionStage().toCompletableFuture().join();
        origin.close();
    }

    /** Serves what the other gateway does, with one bit changed in the middle of each block. */
    private static HttpServer lying(String honest) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        HttpClient client = HttpClient.newHttpClient();
        server.createContext("/", exchange -> {
            try {
                HttpResponse<byte[]> truth = client.send(
                        HttpRequest.newBuilder(URI.create(honest + exchange.getRequestURI()))
                                .header("Accept", "application/vnd.ipld.raw")
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                byte[] body = truth.body();
                if (truth.statusCode() == 200 && body.length > 0) {
                    body[body.length / 2] ^= 1;
                    LIES.incrementAndGet();
                }
                exchange.getResponseHeaders().set("Content-Type", "application/vnd.ipld.raw");
                exchange.sendResponseHeaders(truth.statusCode(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            } finally {
                exchange.close();
            }
        });
        server.start();
        return server;
    }

    private static String lyingGateway() {
        return "http://127.0.0.1:" + liar.getAddress().getPort();
    }

    /** A node on the same chain with a store of its own, which audits through gateways. */
    private static LocalNode guest(String name, String gateways) throws IOException {
        Path data = Files.createDirectories(folder.resolve(name));
        Path deployments = Files.createDirectories(
                data.resolve(origin.folder().root().relativize(origin.folder().deployments())));
        try (Stream<Path> known = Files.list(origin.folder().deployments())) {
            known.forEach(file -> {
                try {
                    Files.copy(file, deployments.resolve(file.getFileName()));
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
        }
        Files.writeString(
                data.resolve(NodeConfig.FILE),
                "chain:\n  rpc: %s\n  confirmations: 1\npublish:\n  gateways: '%s'\nsoup:\n  audit: \"watch\"\n"
                        .formatted(origin.chain().url(), gateways));
        Secp256k1Key relayer = Secp256k1Key.generate(new SecureRandom());
        origin.embeddedChain().orElseThrow().fund(relayer.address().hex());
        LocalNode guest =
                LocalNode.open(data, NodeConfig.load(data, Optional.empty()), Optional.of(relayer), Clock.systemUTC());
        guest.catchUp();
        return guest;
    }

    private static SoupAuditor.Verdict awaitVerdict(LocalNode guest, Bytes32 soup) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        Optional<SoupAuditor.Verdict> verdict = guest.soupAuditor().verdict(soup);
        while (verdict.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(20_000_000);
            verdict = guest.soupAuditor().verdict(soup);
        }
        return verdict.orElseThrow();
    }

    private static Cid manifest(LocalNode guest, Bytes32 soup) {
        String digest = guest.soupLookup().byId(soup).orElseThrow().manifestDigest();
        return Cid.rawSha256(Bytes32.of(digest).bytes());
    }

    @Test
    void aSoupBehindGatewaysIsFetchedVerifiedAndAuditedAndTheGatewayThatLiesIsLeft() throws IOException {
        int before = LIES.get();
        try (LocalNode guest = guest("guest", lyingGateway() + ", " + honestGateway)) {
            assertThat(guest.content().blocks().has(manifest(guest, honestSoup)))
                    .isFalse();
            try (RunningNode running = RunningNode.start(guest, "127.0.0.1", 0, Duration.ofMillis(50))) {
                assertThat(running.port()).isPositive();
                assertThat(awaitVerdict(guest, honestSoup)).isInstanceOf(SoupAuditor.Verdict.Right.class);
                assertThat(awaitVerdict(guest, wrongSoup)).isInstanceOf(SoupAuditor.Verdict.Wrong.class);
            }
            Cid manifest = manifest(guest, honestSoup);
            assertThat(guest.content().blocks().has(manifest)).isTrue();
            // What is fetched to be checked is not served.
            assertThat(guest.content().published().get(manifest)).isEmpty();
            assertThat(guest.soups().status(wrongSoup).status()).isEqualTo(SoupsContract.Status.PROPOSED);
        }
        // A race may ask it for a few blocks at once; once it was caught it is asked for no more.
        assertThat(LIES.get() - before).isBetween(1, 8);
    }

    @Test
    void whereOnlyALyingGatewayIsNothingIsStoredAndTheSoupCountsAsWithheld() throws IOException {
        try (LocalNode guest = guest("deceived", lyingGateway())) {
            try (RunningNode running = RunningNode.start(guest, "127.0.0.1", 0, Duration.ofMillis(50))) {
                assertThat(running.port()).isPositive();
                assertThat(awaitVerdict(guest, honestSoup)).isInstanceOf(SoupAuditor.Verdict.Withheld.class);
                assertThat(awaitVerdict(guest, wrongSoup)).isInstanceOf(SoupAuditor.Verdict.Withheld.class);
            }
            assertThat(guest.content().blocks().has(manifest(guest, honestSoup)))
                    .isFalse();
            assertThat(guest.content().pins().all()).isEmpty();
        }
    }
}
