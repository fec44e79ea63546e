package io.bitdelta.ipfs.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.ipfs.Shared;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.MemoryBlockstore;
import io.bitdelta.ipfs.car.CarReader;
import io.bitdelta.ipfs.cid.Cid;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway against the fixtures of the public conformance suite, and the expectations of its CAR tests. */
final class ConformanceTest {
    private static final String TWO = "bafybeietjm63oynimmv5yyqay33nui4y4wx6u3peezwetxgiwvfmelutzu";
    private static final String TWO_SUB = "bafybeiggghzz6dlue3m6nb2dttnbrygxh3lrjl5764f2m4gq7dgzdt55o4";
    private static final String ASCII = "bafkreifkam6ns4aoolg3wedr4uzrs3kvq66p4pecirz6y2vlrngla62mxm";
    private static final String HELLO = "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4";
    private static final String MIXED = "bafybeidh6k2vzukelqtrjsmd4p52cpmltd2ufqrdtdg6yigi73in672fwu";
    private static final String MIXED_SUB = "bafybeicnmple4ehlz3ostv2sbojz3zhh5q7tz5r2qkfdpqfilgggeen7xm";
    private static final String MULTI = "bafybeigcisqd7m5nf3qmuvjdbakl5bdnh4ocrmacaqkpuh77qjvggmt2sa";
    private static final String DUPLICATES = "bafybeihchr7vmgjaasntayyatmp5sv6xza57iy2h4xj7g46bpjij6yhrmy";
    private static final String HAMT = "bafybeidbclfqleg2uojchspzd4bob56dqetqjsj27gy2cq3klkkgxtpn4i";
    private static final String CBOR_FOLDER = "bafybeia264q44a3kmfc2otctzu4egp2k235o3t7mslz2yjraymp4nv6asi";
    private static final String CBOR = "bafyreidy4q6mmetut5jzc54ambsfnatbyoujmwbfzyyolqw24majazwgha";
    private static final String GAP = "QmYhmPjhFjYFyaoiuNzYv8WGavpSRDwdHWe5B4M5du5Rtk";
    private static final List<String> CHUNKS = List.of(
            "bafkreie5noke3mb7hqxukzcy73nl23k6lxszxi5w3dtmuwz62wnvkpsscm",
            "bafkreih4ephajybraj6wnxsbwjwa77fukurtpl7oj7t7pfq545duhot7cq",
            "bafkreigu7buvm3cfunb35766dn7tmqyh2um62zcio63en2btvxuybgcpue",
            "bafkreicll3huefkc3qnrzeony7zcfo7cr3nbx64hnxrqzsixpceg332fhe",
            "bafkreifst3pqztuvj57lycamoi7z34b4emf7gawxs74nwrc2c7jncmpaqm");

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static Vertx vertx;
    private static URI gateway;

    @BeforeAll
    static void serveTheFixtures() throws Exception {
        Path fixtures = Shared.require("vectors/ipfs/gateway");
        MemoryBlockstore store = new MemoryBlockstore();
        try (Stream<Path> files = Files.list(fixtures)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                try (InputStream in = Files.newInputStream(file)) {
                    CarReader reader = new CarReader(in);
                    for (Optional<Block> block = reader.next(); block.isPresent(); block = reader.next()) {
                        store.put(block.get());
                    }
                }
            }
        }
        vertx = Vertx.vertx();
        int port = vertx.createHttpServer()
                .requestHandler(new TrustlessGateway(store).router(vertx))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        gateway = URI.create("http://127.0.0.1:" + port);
    }

    @AfterAll
    static void stop() throws Exception {
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aPathGivesItsBlocksAndThenTheTarget() throws Exception {
        assertThat(car(TWO + "/subdir/ascii.txt")).containsExactly(TWO, TWO_SUB, ASCII);
        assertThat(get(TWO + "/subdir/i-do-not-exist?format=car").statusCode()).isEqualTo(404);
        assertThat(get(TWO + "/subdir/ascii.txt/deeper?format=car").statusCode())
                .isEqualTo(404);
    }

    @Test
    void scopesAreKept() throws Exception {
        assertThat(car(TWO + "/subdir?dag-scope=block")).containsExactly(TWO, TWO_SUB);
        assertThat(car(TWO + "/subdir/ascii.txt?dag-scope=block")).containsExactly(TWO, TWO_SUB, ASCII);
        assertThat(car(TWO + "?dag-scope=entity")).containsExactly(TWO);
        assertThat(car(MIXED + "/subdir/ascii.txt?dag-scope=entity")).containsExactly(MIXED, MIXED_SUB, ASCII);
        assertThat(car(MIXED + "/subdir/multiblock.txt?dag-scope=entity"))
                .containsExactlyElementsOf(joined(List.of(MIXED, MIXED_SUB, MULTI), CHUNKS));
        assertThat(car(MIXED + "/subdir/multiblock.txt?dag-scope=all"))
                .containsExactlyElementsOf(joined(List.of(MIXED, MIXED_SUB, MULTI), CHUNKS));
        assertThat(car(MIXED + "/subdir?dag-scope=all"))
                .containsExactlyElementsOf(joined(List.of(MIXED, MIXED_SUB, ASCII, HELLO, MULTI), CHUNKS));
    }

    @Test
    void shardedFoldersAreTraversed() throws Exception {
        List<String> file = car(HAMT + "/685.txt");
        assertThat(file).startsWith(HAMT).endsWith(CHUNKS.getLast()).contains(MULTI);
        assertThat(file).containsSubsequence(joined(List.of(HAMT, MULTI), CHUNKS));
        assertThat(file.size()).isBetween(7, 9);
        List<String> block = car(HAMT + "/1.txt?dag-scope=block");
        assertThat(block).startsWith(HAMT);
        assertThat(block.size()).isBetween(2, 4);
        List<String> entity = car(HAMT + "?dag-scope=entity");
        assertThat(entity).startsWith(HAMT).doesNotContain(MULTI).doesNotHaveDuplicates();
        assertThat(car(HAMT + "?dag-scope=entity&entity-bytes=0:*")).isEqualTo(entity);
        List<String> all = car(HAMT);
        assertThat(all).containsAll(entity).containsAll(CHUNKS).contains(MULTI);
        for (int name = 1; name <= 1000; name += 23) {
            assertThat(get(HAMT + "/" + name + ".txt?format=raw").statusCode()).isEqualTo(200);
        }
        assertThat(get(HAMT + "/1001.txt?format=raw").statusCode()).isEqualTo(404);
    }

    @Test
    void documentsAreTraversed() throws Exception {
        assertThat(car(CBOR_FOLDER + "/document?dag-scope=entity")).containsExactly(CBOR_FOLDER, CBOR);
        assertThat(car(CBOR + "/files/single")).hasSize(2).startsWith(CBOR);
        assertThat(car(CBOR)).startsWith(CBOR).containsAll(CHUNKS);
        assertThat(get(CBOR + "/files/absent?format=car").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "512:*, 2, 5",
        "512:1023, 2, 4",
        "512:-256, 2, 4",
        "-5:*, 3, 5",
        "-9999:*, 0, 5",
        "-9999:-3, 0, 4",
        "0:0, 0, 1",
        "0:*, 0, 5",
        "5000:*, 0, 0",
    })
    void rangesNeedTheirOwnBlocksOnly(String range, int from, int to) throws Exception {
        assertThat(car(MULTI + "?dag-scope=entity&entity-bytes=" + range))
                .containsExactlyElementsOf(joined(List.of(MULTI), CHUNKS.subList(from, to)));
    }

    @Test
    void rangesThatAvoidAMissingBlockSucceed() throws Exception {
        assertThat(car(GAP + "?dag-scope=entity&entity-bytes=0:1000"))
                .containsExactly(GAP, "QmPKt7ptM2ZYSGPUc8PmPT2VBkLDK3iqpG9TBJY7PCE9rF");
        assertThat(car(GAP + "?dag-scope=entity&entity-bytes=2200:*"))
                .containsExactly(GAP, "QmWXY482zQdwecnfBsj78poUUuPXvyw2JAFAEMw4tzTavV");
    }

    @Test
    void aBlockThatIsMissingBeforeTheFirstByteWasSentIsNotFound() throws Exception {
        assertThat(get(GAP + "?format=car").statusCode()).isEqualTo(404);
    }

    @Test
    void duplicatesAreLeftOutOrKept() throws Exception {
        HttpResponse<byte[]> once = get(DUPLICATES, "application/vnd.ipld.car; version=1; order=dfs; dups=n");
        assertThat(once.headers().firstValue("content-type"))
                .contains("application/vnd.ipld.car; version=1; order=dfs; dups=n");
        assertThat(blocks(once)).containsExactlyElementsOf(joined(List.of(DUPLICATES, ASCII, HELLO, MULTI), CHUNKS));
        for (String query : new String[] {"", "?format=car"}) {
            HttpResponse<byte[]> all = get(DUPLICATES + query, "application/vnd.ipld.car; version=1; dups=y");
            assertThat(all.headers().firstValue("content-type").orElseThrow()).contains("order=dfs", "dups=y");
            assertThat(blocks(all))
                    .containsExactlyElementsOf(joined(List.of(DUPLICATES, ASCII, ASCII, HELLO, MULTI), CHUNKS));
        }
        assertThat(blocks(get(DUPLICATES + "?format=car&car-dups=y", "*/*"))).contains(ASCII);
        assertThat(get(DUPLICATES, "application/vnd.ipld.car; order=unk").statusCode())
                .isEqualTo(200);
    }

    @Test
    void inlinedDataIsNeverABlock() throws Exception {
        HttpResponse<byte[]> answer =
                get("bafkqaf3imvwgy3zaneqgc3janfxgy2lomvscay3jmqfa", "application/vnd.ipld.car; dups=y");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(blocks(answer)).isEmpty();
        assertThat(new String(
                        get("bafkqaf3imvwgy3zaneqgc3janfxgy2lomvscay3jmqfa?format=raw")
                                .body(),
                        java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("hello i am inlined cid\n");
    }

    @Test
    void headersAndStatusCodes() throws Exception {
        HttpResponse<byte[]> answer = get(TWO + "/subdir/ascii.txt?format=car");
        assertThat(answer.headers().map())
                .containsEntry("x-content-type-options", List.of("nosniff"))
                .containsEntry("content-disposition", List.of("attachment; filename=\"" + ASCII + ".car\""))
                .containsEntry("x-ipfs-path", List.of("/ipfs/" + TWO + "/subdir/ascii.txt"))
                .containsEntry("x-ipfs-roots", List.of(TWO + "," + TWO_SUB + "," + ASCII))
                .containsEntry("accept-ranges", List.of("none"));
        String etag = answer.headers().firstValue("etag").orElseThrow();
        assertThat(etag).startsWith("W/\"");
        HttpResponse<byte[]> known = HTTP.send(
                HttpRequest.newBuilder(gateway.resolve("/ipfs/" + TWO + "/subdir/ascii.txt?format=car"))
                        .header("If-None-Match", etag)
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(get(TWO + "?format=car&dag-scope=some").statusCode()).isEqualTo(400);
        assertThat(get(TWO + "?format=car&entity-bytes=x").statusCode()).isEqualTo(400);
        assertThat(get(TWO + "?format=car&car-version=2").statusCode()).isEqualTo(400);
        assertThat(get("QmInvalid?format=car").statusCode()).isEqualTo(400);
        assertThat(get(TWO + "/subdir?format=raw&filename=foo%22bar.bin")
                        .headers()
                        .firstValue("content-disposition"))
                .contains("attachment; filename=\"foo_bar.bin\"");
        assertThat(get(Cid.ofRaw(new byte[] {1}) + "?format=car").statusCode()).isEqualTo(404);
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static List<String> car(String pathAndQuery) throws Exception {
        HttpResponse<byte[]> answer = get(pathAndQuery + (pathAndQuery.contains("?") ? "&" : "?") + "format=car");
        assertThat(answer.statusCode()).isEqualTo(200);
        return blocks(answer);
    }

    private static List<String> blocks(HttpResponse<byte[]> answer) throws IOException {
        CarReader reader = new CarReader(new ByteArrayInputStream(answer.body()));
        List<String> cids = new ArrayList<>();
        for (Optional<Block> block = reader.next(); block.isPresent(); block = reader.next()) {
            cids.add(block.get().cid().toString());
        }
        return cids;
    }

    private static HttpResponse<byte[]> get(String pathAndQuery, String... accept) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve("/ipfs/" + pathAndQuery));
        Arrays.stream(accept).forEach(each -> request.header("Accept", each));
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
