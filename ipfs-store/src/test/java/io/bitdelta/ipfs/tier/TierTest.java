package io.bitdelta.ipfs.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.ipfs.Pattern;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.block.CorruptBlockException;
import io.bitdelta.ipfs.block.FileBlockstore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.peers.RedisServer;
import io.bitdelta.ipfs.peers.S3Server;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** Tiers over a real redis-server, a real S3 server (s3proxy) and the file store. */
final class TierTest {
    @TempDir
    private static Path folder;

    private static Vertx vertx;
    private static RedisServer server;
    private static Redis redis;
    private static S3Server s3Server;
    private static S3AsyncClient s3;
    private static RedisBlockstore cache;
    private static S3Blockstore bucket;

    @BeforeAll
    static void start() throws Exception {
        server = RedisServer.start(Files.createDirectories(folder.resolve("redis")));
        vertx = Vertx.vertx();
        redis = Redis.createClient(vertx, server.address());
        cache = new RedisBlockstore(redis, server.address(), Duration.ofMinutes(1), Duration.ofSeconds(5));
        s3Server = S3Server.start(Files.createDirectories(folder.resolve("s3")));
        s3 = S3AsyncClient.builder()
                .endpointOverride(s3Server.address())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(S3Server.IDENTITY, S3Server.CREDENTIAL)))
                .build();
        s3.createBucket(request -> request.bucket("deltas")).get(30, TimeUnit.SECONDS);
        bucket = new S3Blockstore(s3, "deltas", "blocks/");
    }

    @AfterAll
    static void stop() throws Exception {
        if (s3Server != null) {
            s3.close();
            s3Server.close();
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void theBucketKeepsBlocks() throws Exception {
        Block block = Block.raw(Pattern.bytes(1 << 20));
        assertThat(bucket.get(block.cid())).isEmpty();
        assertThat(bucket.has(block.cid())).isFalse();
        bucket.put(block);
        bucket.put(block);
        assertThat(bucket.require(block.cid()).data()).isEqualTo(block.data());
        assertThat(bucket.has(block.cid())).isTrue();
        assertThat(bucket.cids()).contains(block.cid());
        assertThat(bucket.delete(block.cid())).hasValue(1 << 20);
        assertThat(bucket.delete(block.cid())).isEmpty();
    }

    @Test
    void aDamagedObjectIsFoundAndReplaced() throws Exception {
        Block block = Block.raw(Pattern.bytes(77));
        bucket.put(block);
        spoilObject(block.cid());
        assertThatThrownBy(() -> bucket.get(block.cid()))
                .isInstanceOf(CorruptBlockException.class)
                .hasMessageContaining("deltas");
        bucket.put(block);
        assertThat(bucket.get(block.cid())).contains(block);
    }

    @Test
    void redisKeepsBlocksForATime() throws Exception {
        Block block = Block.raw(Pattern.bytes(5000));
        RedisBlockstore brief =
                new RedisBlockstore(redis, server.address(), Duration.ofSeconds(1), Duration.ofSeconds(5));
        brief.put(block);
        assertThat(brief.get(block.cid())).contains(block);
        assertThat(brief.has(block.cid())).isTrue();
        TimeUnit.MILLISECONDS.sleep(1200);
        assertThat(brief.get(block.cid())).isEmpty();
        assertThat(brief.delete(block.cid())).isEmpty();
    }

    @Test
    void readsFillTheCacheAndWritesReachTheBackup() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        TierMetrics listener = new TierMetrics(meters);
        FileBlockstore backup = FileBlockstore.open(folder.resolve("backup"));
        WriteQueue queue = new WriteQueue(folder.resolve("queue"), bucket, backup, listener);
        Blockstore tiers = new TieredBlockstore(List.of(cache), bucket, List.of(backup), List.of(queue), listener);
        Block block = Block.raw(Pattern.bytes(4321));
        tiers.put(block);
        assertThat(cache.has(block.cid())).isTrue();
        assertThat(bucket.has(block.cid())).isTrue();
        assertThat(backup.has(block.cid())).isFalse();
        assertThat(new WriteQueue(folder.resolve("queue"), bucket, backup, listener).waiting())
                .as("the queue survives its process")
                .containsExactly(block.cid());
        assertThat(queue.drain()).isZero();
        assertThat(backup.has(block.cid())).isTrue();
        assertThat(queue.waiting()).isEmpty();
        cache.delete(block.cid());
        assertThat(tiers.get(block.cid())).contains(block);
        assertThat(cache.has(block.cid())).isTrue();
        bucket.delete(block.cid());
        cache.delete(block.cid());
        assertThat(tiers.get(block.cid())).contains(block);
        assertThat(meters.get("bitdelta.store.tier")
                        .tag("tier", backup.name())
                        .tag("event", "copied")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aLyingTierIsPassedOverAndReported() throws Exception {
        FileBlockstore backup = FileBlockstore.open(folder.resolve("honest"));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Blockstore tiers =
                new TieredBlockstore(List.of(cache), bucket, List.of(backup), List.of(), new TierMetrics(meters));
        Block block = Block.raw(Pattern.bytes(999));
        tiers.put(block);
        backup.put(block);
        redis.send(Request.cmd(io.vertx.redis.client.Command.SET)
                        .arg("block:" + block.cid())
                        .arg("nonsense"))
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        assertThat(tiers.get(block.cid())).contains(block);
        assertThat(cache.get(block.cid())).as("healed by the read").contains(block);
        cache.delete(block.cid());
        spoilObject(block.cid());
        assertThat(tiers.get(block.cid())).contains(block);
        cache.delete(block.cid());
        backup.delete(block.cid());
        assertThatThrownBy(() -> tiers.get(block.cid())).isInstanceOf(CorruptBlockException.class);
        assertThat(meters.find("bitdelta.store.tier").tag("event", "lied").counters())
                .hasSize(2);
    }

    @Test
    void aCacheThatDiesUnderLoadCostsNothingButTime() throws Exception {
        Blockstore tiers = new TieredBlockstore(List.of(cache), bucket, List.of(), List.of(), TierListener.NONE);
        for (int i = 0; i < 60; i++) {
            Block block = Block.raw(Pattern.bytes(10_000 + i));
            if (i == 20) {
                server.kill();
            }
            if (i == 40) {
                server.restart();
            }
            tiers.put(block);
            assertThat(tiers.get(block.cid())).contains(block);
        }
    }

    @Test
    void serversKilledAndStartedAgainUnderLoadLoseNothingThatWasAcknowledged() throws Exception {
        FileBlockstore backup = FileBlockstore.open(folder.resolve("loaded-backup"));
        WriteQueue queue = new WriteQueue(folder.resolve("loaded-queue"), bucket, backup, TierListener.NONE);
        Blockstore tiers =
                new TieredBlockstore(List.of(cache), bucket, List.of(backup), List.of(queue), TierListener.NONE);
        Set<Block> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicInteger refused = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                SplittableRandom random = new SplittableRandom(i);
                running.add(writers.submit(() -> {
                    while (!stop.get()) {
                        byte[] content = new byte[1 + random.nextInt(30_000)];
                        random.nextBytes(content);
                        write(tiers, Block.raw(content), acknowledged, refused);
                    }
                    return null;
                }));
            }
            TimeUnit.SECONDS.sleep(1);
            server.kill();
            TimeUnit.MILLISECONDS.sleep(500);
            s3Server.kill();
            TimeUnit.MILLISECONDS.sleep(500);
            server.restart();
            s3Server.restart();
            int before = acknowledged.size();
            for (int i = 0; i < 300 && acknowledged.size() < before + 20; i++) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            stop.set(true);
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }
            assertThat(acknowledged).as("goes on after the restart").hasSizeGreaterThan(before);
        }
        assertThat(refused).as("the primary was away for a while").hasPositiveValue();
        for (Block block : acknowledged) {
            assertThat(bucket.get(block.cid())).contains(block);
        }
        assertThat(drained(queue)).isTrue();
        for (Block block : acknowledged) {
            assertThat(backup.get(block.cid())).contains(block);
        }
    }

    private static void write(Blockstore tiers, Block block, Set<Block> acknowledged, AtomicInteger refused)
            throws IOException {
        try {
            tiers.put(block);
            acknowledged.add(block);
            assertThat(tiers.get(block.cid())).contains(block);
        } catch (TierException e) {
            refused.incrementAndGet();
        }
    }

    @Test
    void aPrimaryThatDiesRefusesWritesByNameAndGoesOnAfterwards() throws Exception {
        Blockstore tiers = new TieredBlockstore(List.of(), bucket, List.of(), List.of(), TierListener.NONE);
        Block before = Block.raw(Pattern.bytes(20_001));
        tiers.put(before);
        s3Server.kill();
        assertThatThrownBy(() -> tiers.put(Block.raw(Pattern.bytes(20_002))))
                .isInstanceOf(TierException.class)
                .hasMessageContaining("deltas");
        s3Server.restart();
        assertThat(tiers.get(before.cid())).contains(before);
    }

    @Test
    void aBackupThatIsAwayGetsItsBlocksLater() throws Exception {
        RedisServer away = RedisServer.start(Files.createDirectories(folder.resolve("away")));
        Redis client = Redis.createClient(vertx, away.address());
        RedisBlockstore backup =
                new RedisBlockstore(client, away.address(), Duration.ofMinutes(1), Duration.ofSeconds(2));
        WriteQueue queue = new WriteQueue(folder.resolve("away-queue"), bucket, backup, TierListener.NONE);
        Blockstore tiers = new TieredBlockstore(List.of(), bucket, List.of(backup), List.of(queue), TierListener.NONE);
        away.kill();
        Block block = Block.raw(Pattern.bytes(31337));
        tiers.put(block);
        assertThat(queue.drain()).isEqualTo(1);
        away.restart();
        assertThat(drained(queue)).isTrue();
        assertThat(backup.get(block.cid())).contains(block);
        away.close();
    }

    /** The client notices a server's return after a moment. */
    private static boolean drained(WriteQueue queue) throws IOException, InterruptedException {
        for (int i = 0; i < 50; i++) {
            if (queue.drain() == 0) {
                return true;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return false;
    }

    private static void spoilObject(Cid cid) throws Exception {
        String name = cid.toString();
        s3.putObject(
                        request -> request.bucket("deltas")
                                .key("blocks/" + name.substring(name.length() - 3, name.length() - 1) + "/" + name),
                        AsyncRequestBody.fromString("something else"))
                .get(10, TimeUnit.SECONDS);
    }
}
