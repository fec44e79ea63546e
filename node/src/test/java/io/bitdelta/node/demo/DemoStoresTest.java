package io.bitdelta.node.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.peers.KuboPeer;
import io.bitdelta.ipfs.peers.RedisServer;
import io.bitdelta.ipfs.peers.S3Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same story with content at a real IPFS daemon, and in a real bucket behind a real cache. */
final class DemoStoresTest {
    private static final Pattern DELTA = Pattern.compile("publish user-a .* delta (baf[a-z2-7]+),");

    @TempDir
    Path folder;

    @Test
    void aDaemonGetsWhatIsPublic() throws Exception {
        try (KuboPeer daemon = KuboPeer.start(folder.resolve("daemon"))) {
            DemoProcess.Ended told = DemoProcess.run(
                    folder.resolve("data"),
                    Map.of("BITDELTA_STORE_KUBO_API", daemon.api().toString()),
                    "--store",
                    "kubo");
            assertThat(told.exitCode()).as(String.join("\n", told.lines())).isZero();
            assertThat(pinned(daemon.api(), deltaCid(told))).isTrue();
            assertThat(pinned(daemon.api(), Cid.rawSha256(new byte[32]).toString()))
                    .isFalse();
        }
    }

    @Test
    void aBucketBehindACacheHoldsEveryBlock() throws Exception {
        Files.createDirectories(folder.resolve("redis"));
        try (S3Server s3 = S3Server.start(folder.resolve("s3"));
                RedisServer redis = RedisServer.start(folder.resolve("redis"))) {
            s3.createBucket("deltas");
            Path secret = Files.writeString(folder.resolve("secret"), S3Server.CREDENTIAL);
            Path data = folder.resolve("data");
            Map<String, String> environment = Map.of(
                    "BITDELTA_STORE_S3_ENDPOINT",
                    s3.address().toString(),
                    "BITDELTA_STORE_S3_BUCKET",
                    "deltas",
                    "BITDELTA_STORE_S3_ACCESSKEY",
                    "env:DEMO_S3_KEY",
                    "BITDELTA_STORE_S3_SECRETKEY",
                    "file:" + secret,
                    "BITDELTA_STORE_REDIS_ADDRESS",
                    redis.address(),
                    "DEMO_S3_KEY",
                    S3Server.IDENTITY);
            DemoProcess.Ended told = DemoProcess.run(data, environment, "--store", "s3+redis");
            assertThat(told.exitCode()).as(String.join("\n", told.lines())).isZero();
            assertThat(filesIn(folder.resolve("s3").resolve("objects"))).isGreaterThan(15);
            assertThat(filesIn(data.resolve("store").resolve("blocks"))).isZero();

            DemoProcess.Ended embedded = DemoProcess.run(data, Map.of());
            assertThat(embedded.exitCode())
                    .as("a folder stays with its kind of store")
                    .isEqualTo(2);
        }
    }

    private static String deltaCid(DemoProcess.Ended told) {
        Matcher matcher = DELTA.matcher(told.with("ok   publish user-a").getFirst());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static boolean pinned(URI api, String cid) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                                    HttpRequest.newBuilder(api.resolve("/api/v0/pin/ls?type=recursive&arg=" + cid))
                                            .POST(HttpRequest.BodyPublishers.noBody())
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        }
    }

    private static long filesIn(Path root) throws IOException {
        if (!Files.exists(root)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).count();
        }
    }
}
