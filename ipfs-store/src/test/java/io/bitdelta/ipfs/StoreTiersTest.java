package io.bitdelta.ipfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.ipfs.block.FileBlockstore;
import io.bitdelta.ipfs.block.StoreLimits;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.kubo.KuboClient;
import io.bitdelta.ipfs.kubo.KuboEndpoint;
import io.bitdelta.ipfs.peers.KuboPeer;
import io.bitdelta.ipfs.peers.RedisServer;
import io.bitdelta.ipfs.peers.S3Server;
import io.bitdelta.ipfs.pin.Pin;
import io.bitdelta.ipfs.pin.ScrubReport;
import io.bitdelta.ipfs.tier.BucketTakenException;
import io.bitdelta.ipfs.tier.TierException;
import io.bitdelta.ipfs.tier.TierMetrics;
import io.bitdelta.ipfs.unixfs.Links;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store over other places than files: what holds with every one of them, and what happens when one is away. */
final class StoreTiersTest {
    private static final int SIZE = 2_500_000;
    private static final URI NOBODY = URI.create("http://127.0.0.1:1");

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void content() throws IOException {
        file = folder.resolve("content");
        Files.write(file, Pattern.bytes(SIZE));
    }

    @Test
    void withADaemonPublicContentIsPinnedThereAndPrivateContentIsNot() throws Exception {
        try (KuboPeer peer = KuboPeer.start(folder.resolve("repo"));
                ContentStore store = kubo(peer.api())) {
            KuboClient client = new KuboClient(KuboEndpoint.of(peer.api()));
            Cid open = store.addFile(file, "open", Visibility.PUBLIC).root();
            Cid secret = store.addRaw(new byte[] {42}, "secret", Visibility.PRIVATE);
            Cid single = store.addRaw(new byte[] {43}, "x", Visibility.PRIVATE);
            store.pin(single, Pin.Kind.DIRECT, "single", Visibility.PUBLIC);
            assertThat(client.pins()).contains(open).doesNotContain(secret);
            assertThat(client.directPins()).contains(single);
            assertThat(client.blocks()).doesNotContain(secret);
            assertThat(store.verify(Progress.NONE).findings()).isEmpty();

            // The daemon has what a disk here lost.
            Cid leaf = Links.of(store.blocks().require(open)).get(1);
            Files.delete(blockFile(leaf));
            assertReads(store, open);
            ScrubReport report = store.verify(Progress.NONE);
            assertThat(report.findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.cid()).isEqualTo(leaf));
            assertThat(store.repair(report, List.of())).isEqualTo(1);
            assertThat(store.verify(Progress.NONE).ok()).isTrue();

            // What the daemon lost is noticed and sent again.
            assertThat(client.pinRemove(open)).isTrue();
            ScrubReport lost = store.verify(Progress.NONE);
            assertThat(lost.findings()).singleElement().satisfies(finding -> {
                assertThat(finding.cid()).isEqualTo(open);
                assertThat(finding.problem()).isEqualTo(ScrubReport.Problem.NOT_MIRRORED);
            });
            assertThat(store.repair(lost, List.of())).isEqualTo(1);
            assertThat(store.verify(Progress.NONE).ok()).isTrue();
            assertThat(client.pins()).contains(open);

            // A pin that is gone here goes there too.
            store.pins().removeAll(open);
            store.gc(Duration.ofSeconds(5));
            assertThat(client.pins()).doesNotContain(open);
        }
    }

    @Test
    void whileTheDaemonIsAwayEverythingElseWorksAndTheContentIsSentLater() throws Exception {
        Cid added;
        try (ContentStore store = kubo(NOBODY)) {
            added = store.addFile(file, "open", Visibility.PUBLIC).root();
            assertReads(store, added);
            assertThat(store.sync()).isEqualTo(1);
            ScrubReport report = store.verify(Progress.NONE);
            assertThat(report.findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.detail()).contains(NOBODY.toString()));
            assertThat(store.gc(Duration.ofSeconds(5)).removed()).isZero();
        }
        try (KuboPeer peer = KuboPeer.start(folder.resolve("repo"));
                ContentStore again = kubo(peer.api())) {
            assertThat(again.sync())
                    .as("another process sends what the first could not")
                    .isZero();
            assertThat(new KuboClient(KuboEndpoint.of(peer.api())).pins()).contains(added);
            assertThat(again.verify(Progress.NONE).ok()).isTrue();
        }
    }

    @Test
    void inABucketWithACacheEverythingWorksAsInFiles() throws Exception {
        try (S3Server s3 = S3Server.start(folder.resolve("s3"));
                RedisServer redis = RedisServer.start(Files.createDirectories(folder.resolve("redis")))) {
            s3.createBucket("deltas");
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            StoreSettings settings = objects(s3, URI.create(redis.address()), folder.resolve("backup"));
            Path local = folder.resolve("store");
            Cid added;
            try (ContentStore store =
                    ContentStore.open(local, settings, InstantSource.system(), new TierMetrics(meters))) {
                added = store.addFile(file, "open", Visibility.PUBLIC).root();
                assertReads(store, added);
                assertReads(store, added);
                assertThat(meters.find("bitdelta.store.tier")
                                .tag("event", "hit")
                                .counters())
                        .as("the bucket, then the memory")
                        .hasSize(2);
                assertThat(meters.get("bitdelta.store.bytes")
                                .tag("tier", "bucket deltas")
                                .tag("direction", "written")
                                .counter()
                                .count())
                        .isGreaterThan(SIZE);
                assertThat(meters.get("bitdelta.store.read")
                                .tag("tier", "memory")
                                .tag("event", "hit")
                                .timer()
                                .count())
                        .isPositive();
                assertThat(store.isPublic(added)).isTrue();
                assertThat(store.blocks().storedBytes()).isGreaterThan(SIZE);
                assertThat(local.resolve("blocks")).doesNotExist();
                assertThat(store.sync()).isZero();
                assertThat(FileBlockstore.open(folder.resolve("backup")).has(added))
                        .isTrue();
                assertThat(store.verify(Progress.NONE).ok()).isTrue();
            }
            try (ContentStore store = ContentStore.open(local, settings)) {
                redis.kill();
                assertReads(store, added);
                Cid leaf = Links.of(store.blocks().require(added)).getFirst();
                s3.spoil("deltas", "node/" + shard(leaf) + "/" + leaf);
                ScrubReport report = store.verify(Progress.NONE);
                assertThat(report.findings())
                        .singleElement()
                        .satisfies(finding -> assertThat(finding.problem()).isEqualTo(ScrubReport.Problem.CORRUPT));
                assertReads(store, added);
                assertThat(store.repair(report, List.of())).isEqualTo(1);
                assertThat(store.verify(Progress.NONE).ok()).isTrue();

                Cid loose = store.addRaw(new byte[] {1, 2}, "loose", Visibility.PRIVATE);
                store.pins().removeAll(loose);
                assertThat(store.gc(Duration.ofSeconds(5)).bytes()).isEqualTo(2);
                assertThat(store.blocks().has(loose)).isFalse();
                assertReads(store, added);

                s3.kill();
                assertThatThrownBy(() -> store.addRaw(new byte[] {9}, "", Visibility.PRIVATE))
                        .isInstanceOf(TierException.class)
                        .hasMessageContaining("deltas");
                assertThat(store.pins().of(Cid.ofRaw(new byte[] {9}))).isEmpty();
                s3.restart();
                store.addRaw(new byte[] {9}, "", Visibility.PRIVATE);
            }
        }
    }

    @Test
    void aBucketBelongsToOneStore() throws Exception {
        try (S3Server s3 = S3Server.start(folder.resolve("s3"))) {
            s3.createBucket("deltas");
            StoreSettings settings = objects(s3, null, null);
            ContentStore.open(folder.resolve("one"), settings).close();
            ContentStore.open(folder.resolve("one"), settings).close();
            assertThatThrownBy(() -> ContentStore.open(folder.resolve("two"), settings))
                    .isInstanceOf(BucketTakenException.class)
                    .hasMessageContaining("deltas");
            assertThatThrownBy(() -> ContentStore.open(folder.resolve("one")))
                    .isInstanceOf(StoreLayoutException.class)
                    .hasMessageContaining("deltas");
        }
    }

    private ContentStore kubo(URI api) throws IOException {
        return ContentStore.open(
                folder.resolve("store"), new StoreSettings.Kubo(StoreLimits.DEFAULT, StoreSettings.Daemon.of(api)));
    }

    private StoreSettings objects(S3Server s3, @Nullable URI redis, @Nullable Path backup) throws IOException {
        Path id = Files.writeString(folder.resolve("id"), S3Server.IDENTITY);
        Path secret = Files.writeString(folder.resolve("secret"), S3Server.CREDENTIAL);
        StoreSettings.Bucket bucket = new StoreSettings.Bucket(
                s3.address(),
                "us-east-1",
                "deltas",
                "node/",
                Secret.parse("file:" + id),
                Secret.parse("file:" + secret));
        return new StoreSettings.ObjectStore(
                bucket, redis == null ? null : StoreSettings.Cache.of(redis), backup, null);
    }

    private Path blockFile(Cid cid) {
        return folder.resolve("store/blocks").resolve(shard(cid)).resolve(cid.toString());
    }

    private static String shard(Cid cid) {
        String name = cid.toString();
        return name.substring(name.length() - 3, name.length() - 1);
    }

    private void assertReads(ContentStore store, Cid cid) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(store.cat(cid, out)).isEqualTo(SIZE);
        assertThat(out.toByteArray()).isEqualTo(Files.readAllBytes(file));
    }
}
