package io.bitdelta.ipfs.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.Pattern;
import io.bitdelta.ipfs.Progress;
import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockNotFoundException;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.block.FileBlockstore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.pin.Pin;
import io.bitdelta.ipfs.pin.Repair;
import io.bitdelta.ipfs.pin.ScrubReport;
import io.bitdelta.ipfs.unixfs.DagLimitException;
import io.bitdelta.ipfs.unixfs.DagLimits;
import io.bitdelta.ipfs.unixfs.Links;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway over a real store and a real socket, and the client against good, absent and lying gateways. */
final class GatewayTest {
    private static final byte[] CONTENT = Pattern.bytes(2_500_000);

    @TempDir
    private static Path folder;

    private static Vertx vertx;
    private static ContentStore store;
    private static URI good;
    private static URI lying;
    private static URI absent;
    private static Cid file;
    private static Cid raw;
    private static Cid secret;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        store = ContentStore.open(folder.resolve("store"));
        Path content = folder.resolve("content");
        Files.write(content, CONTENT);
        file = store.addFile(content, "file", Visibility.PUBLIC).root();
        raw = store.addRaw(Pattern.bytes(1000), "raw", Visibility.PUBLIC);
        secret = store.addRaw(new byte[] {42}, "secret", Visibility.PRIVATE);
        good = listen(vertx.createHttpServer().requestHandler(new TrustlessGateway(store.published()).router(vertx)));
        lying = listen(vertx.createHttpServer()
                .requestHandler(request -> request.response().end(Buffer.buffer("something else"))));
        absent = listen(vertx.createHttpServer()
                .requestHandler(request -> request.response().setStatusCode(404).end()));
    }

    private static URI listen(HttpServer server) throws Exception {
        int port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        return URI.create("http://127.0.0.1:" + port);
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void servesARawBlockWithItsHeaders() throws Exception {
        HttpResponse<byte[]> answer = get("/ipfs/" + raw + "?format=raw");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(Pattern.bytes(1000));
        assertThat(answer.headers().map())
                .containsEntry("content-type", List.of("application/vnd.ipld.raw"))
                .containsEntry("content-disposition", List.of("attachment; filename=\"" + raw + ".bin\""))
                .containsEntry("x-content-type-options", List.of("nosniff"))
                .containsEntry("etag", List.of("\"" + raw + ".raw\""))
                .containsEntry("cache-control", List.of("public, max-age=29030400, immutable"))
                .containsEntry("x-ipfs-path", List.of("/ipfs/" + raw))
                .containsEntry("x-ipfs-roots", List.of(raw.toString()))
                .containsEntry("content-length", List.of("1000"));
        assertThat(get("/ipfs/" + raw, "Accept", "application/vnd.ipld.raw").body())
                .isEqualTo(Pattern.bytes(1000));
    }

    @Test
    void moreRequestsThanItAnswersAtOnceWaitAndAreThenRefused() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        Block block = Block.raw(Pattern.bytes(300_000));
        BlockSource slow = new BlockSource() {
            @Override
            public Optional<Block> get(Cid cid) {
                asked.countDown();
                try {
                    assertThat(answer.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("the test ended", e);
                }
                return Optional.of(block);
            }

            @Override
            public boolean has(Cid cid) {
                return true;
            }

            @Override
            public String name() {
                return "slow";
            }
        };
        TrustlessGateway gateway =
                new TrustlessGateway(slow, Executors.newVirtualThreadPerTaskExecutor(), 1, Duration.ofMillis(50));
        URI narrow = listen(vertx.createHttpServer().requestHandler(gateway.router(vertx)));
        HttpRequest request = HttpRequest.newBuilder(narrow.resolve("/ipfs/" + block.cid() + "?format=raw"))
                .build();
        CompletableFuture<HttpResponse<byte[]>> first =
                http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        HttpResponse<String> second = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(second.statusCode()).isEqualTo(503);
        assertThat(second.headers().firstValue("Retry-After")).isPresent();
        assertThat(second.body()).contains("try again later");
        answer.countDown();
        assertThat(first.get(30, TimeUnit.SECONDS).body()).isEqualTo(block.data());
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body())
                .isEqualTo(block.data());
    }

    /** The list of what is not served stands in the module's README. */
    @Test
    void whatIsNotServedIsRefusedAndNeverAnsweredWithSomethingElse() throws Exception {
        for (String format : new String[] {"dag-json", "dag-cbor", "json", "cbor", "ipns-record", "tar"}) {
            assertThat(get("/ipfs/" + raw + "?format=" + format).statusCode()).isEqualTo(406);
        }
        for (String type : new String[] {"text/html", "application/vnd.ipld.dag-json", "application/octet-stream"}) {
            assertThat(get("/ipfs/" + raw, "Accept", type).statusCode()).isEqualTo(406);
        }
        assertThat(get("/ipfs/" + file + "?format=car&car-version=2").statusCode())
                .isEqualTo(400);
        String blake = "bafk2bzacediwdvyriwv65rppcwv46bczz3daujzsdyxqvqhpplhfevhvsrchm";
        assertThat(get("/ipfs/" + blake + "?format=raw").statusCode()).isEqualTo(400);
        assertThat(get("/ipns/" + raw + "?format=raw").statusCode()).isEqualTo(404);
    }

    @Test
    void answersHeadWithTheSameHeadersAndNoBody() throws Exception {
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(good.resolve("/ipfs/" + raw + "?format=raw"))
                        .HEAD()
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-length")).contains("1000");
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-9,      206, 0,   10",
        "bytes=990-,     206, 990, 1000",
        "bytes=-5,       206, 995, 1000",
        "bytes=990-9999, 206, 990, 1000",
        "bytes=9-3,      200, 0,   1000",
        "lines=1-2,      200, 0,   1000",
    })
    void servesByteRanges(String range, int status, int from, int to) throws Exception {
        HttpResponse<byte[]> answer = get("/ipfs/" + raw + "?format=raw", "Range", range);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(Pattern.bytes(1000), from, to));
    }

    @Test
    void statusCodesFollowTheSpecification() throws Exception {
        String unknown = Cid.ofRaw(new byte[] {7}).toString();
        assertThat(get("/ipfs/bafkqaaa?format=raw").statusCode()).isEqualTo(200);
        assertThat(get("/ipfs/nonsense?format=raw").statusCode()).isEqualTo(400);
        assertThat(get("/ipfs/" + unknown + "?format=raw").statusCode()).isEqualTo(404);
        assertThat(get("/ipfs/" + raw).statusCode()).isEqualTo(406);
        assertThat(get("/ipfs/" + raw + "?format=tar").statusCode()).isEqualTo(406);
        assertThat(get("/ipfs/" + unknown + "?format=raw", "Cache-Control", "only-if-cached")
                        .statusCode())
                .isEqualTo(412);
        assertThat(get("/ipfs/" + raw + "?format=raw", "If-None-Match", "\"" + raw + ".raw\"")
                        .statusCode())
                .isEqualTo(304);
        assertThat(get("/ipfs/" + raw + "?format=raw", "Range", "bytes=1000-").statusCode())
                .isEqualTo(416);
    }

    @Test
    void privateContentDoesNotExist() throws Exception {
        assertThat(get("/ipfs/" + secret + "?format=raw").statusCode()).isEqualTo(404);
    }

    @Test
    void anArchiveThatCannotBeFinishedIsBrokenOffAndNotEnded() throws Exception {
        Path content = folder.resolve("gap");
        byte[] bytes = Arrays.copyOf(CONTENT, CONTENT.length);
        bytes[CONTENT.length - 1] ^= 1;
        Files.write(content, bytes);
        Cid root = store.addFile(content, "gap", Visibility.PUBLIC).root();
        assertThat(get("/ipfs/" + root + "?format=car").statusCode()).isEqualTo(200);
        store.blocks().delete(Links.of(store.blocks().require(root)).getLast());
        assertThatThrownBy(() -> get("/ipfs/" + root + "?format=car")).isInstanceOf(IOException.class);
    }

    @Test
    void theClientFetchesAndVerifiesAFile() throws Exception {
        Path target = folder.resolve("fetched");
        assertThat(new GatewayClient(List.of(good)).fetch(file, target, CONTENT.length))
                .isEqualTo(CONTENT.length);
        assertThat(target).hasBinaryContent(CONTENT);
    }

    @Test
    void theClientPassesOverGatewaysThatLieOrFail() throws Exception {
        URI dead = URI.create("http://127.0.0.1:1");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new GatewayClient(List.of(lying, absent, dead, good)).copyTo(file, out, CONTENT.length);
        assertThat(out.toByteArray()).isEqualTo(CONTENT);
    }

    @Test
    void aGatewayThatLiedIsNotAskedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        URI liar = listen(vertx.createHttpServer().requestHandler(request -> {
            asked.incrementAndGet();
            request.response().end("wrong");
        }));
        new GatewayClient(List.of(liar, good)).copyTo(file, OutputStream.nullOutputStream(), CONTENT.length);
        assertThat(asked).hasValue(1);
    }

    @Test
    void aSlowGatewayIsOvertaken() throws Exception {
        URI silent = listen(vertx.createHttpServer().requestHandler(request -> {}));
        GatewayClient client =
                new GatewayClient(List.of(silent, good), http, Duration.ofSeconds(60), Duration.ofMillis(50));
        assertThat(client.block(raw).size()).isEqualTo(1000);
    }

    @Test
    void aPullThatWasCutOffIsResumed() throws Exception {
        ContentStore target = ContentStore.open(folder.resolve("pulled"));
        Block root = store.blocks().require(file);
        target.blocks().put(root);
        target.blocks().put(store.blocks().require(Links.of(root).getLast()));
        GatewayClient client = new GatewayClient(List.of(good));
        assertThat(client.pull(file, target.blocks(), DagLimits.DEFAULT)).isEqualTo(2);
        assertThat(client.pull(file, target.blocks(), DagLimits.DEFAULT)).isZero();
        target.pinFrom(client, file, Pin.Kind.RECURSIVE, "pulled", Visibility.PRIVATE);
        assertThat(target.verify(Progress.NONE).ok()).isTrue();
    }

    @Test
    void damagedAndMissingBlocksAreRepairedFromAGateway() throws Exception {
        ContentStore target = ContentStore.open(folder.resolve("repaired"));
        GatewayClient client = new GatewayClient(List.of(good));
        target.pinFrom(client, file, Pin.Kind.RECURSIVE, "repaired", Visibility.PRIVATE);
        List<Cid> leaves = Links.of(target.blocks().require(file));
        target.blocks().delete(leaves.getFirst());
        Path damaged = ((FileBlockstore) target.blocks()).file(leaves.getLast());
        Files.delete(damaged);
        Files.write(damaged, new byte[] {1});
        ScrubReport report = target.verify(Progress.NONE);
        assertThat(report.findings()).hasSize(2);
        assertThat(Repair.run(target.blocks(), report, List.of(client.blocks())))
                .hasSize(2);
        assertThat(target.verify(Progress.NONE).ok()).isTrue();
    }

    @Test
    void theClientNamesTheGatewaysThatFailed() {
        assertThatThrownBy(() -> new GatewayClient(List.of(lying)).block(raw))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining(lying.toString())
                .hasMessageContaining(raw.toString())
                .hasMessageContaining("lies");
        assertThatThrownBy(() -> new GatewayClient(List.of(absent)).block(raw))
                .isInstanceOf(BlockNotFoundException.class)
                .hasMessageContaining(absent.toString());
    }

    @Test
    void theClientKeepsItsLimitAndLeavesNoHalfFile() {
        Path target = folder.resolve("too-large");
        assertThatThrownBy(() -> new GatewayClient(List.of(good)).fetch(file, target, CONTENT.length - 1))
                .isInstanceOf(DagLimitException.class)
                .hasMessageContaining(file.toString());
        assertThat(target).doesNotExist();
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(good.resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
