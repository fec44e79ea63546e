package io.bitdelta.ipfs;

import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.block.FileBlockstore;
import io.bitdelta.ipfs.kubo.KuboBlockstore;
import io.bitdelta.ipfs.kubo.KuboClient;
import io.bitdelta.ipfs.kubo.KuboEndpoint;
import io.bitdelta.ipfs.pin.Pins;
import io.bitdelta.ipfs.tier.DaemonMirror;
import io.bitdelta.ipfs.tier.RedisBlockstore;
import io.bitdelta.ipfs.tier.S3Blockstore;
import io.bitdelta.ipfs.tier.TierListener;
import io.bitdelta.ipfs.tier.TieredBlockstore;
import io.bitdelta.ipfs.tier.WriteQueue;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;

/** Opens the tiers that settings ask for, and closes them, last first. */
final class Composition implements AutoCloseable {
    private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration S3_ATTEMPT = Duration.ofSeconds(30);
    private static final Duration S3_CALL = Duration.ofMinutes(2);
    private static final int TRIES = 4;
    private static final Duration BACKOFF = Duration.ofMillis(200);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final List<Blockstore> caches = new ArrayList<>();
    private final List<BlockSource> backups = new ArrayList<>();
    private final List<WriteQueue> queues = new ArrayList<>();
    private final TierListener listener;
    private final Blockstore primary;
    private final Blockstore blocks;
    private final @Nullable DaemonMirror mirror;

    private Composition(Path folder, StoreSettings settings, Pins pins, TierListener listener) throws IOException {
        this.listener = listener;
        try {
            StoreSettings.Daemon daemon =
                    switch (settings) {
                        case StoreSettings.Embedded embedded -> null;
                        case StoreSettings.Kubo kubo -> kubo.daemon();
                        case StoreSettings.ObjectStore objects -> objects.daemon();
                    };
            this.primary = switch (settings) {
                case StoreSettings.Embedded embedded -> files(folder, embedded.limits());
                case StoreSettings.Kubo kubo -> files(folder, kubo.limits());
                case StoreSettings.ObjectStore objects -> objects(folder, objects);
            };
            KuboClient client = daemon == null ? null : client(daemon, TRIES);
            if (daemon != null) {
                // A read that finds nothing anywhere must not be tried again and again at a daemon that is away.
                backups.add(new KuboBlockstore(client(daemon, 1)));
            }
            this.blocks = caches.isEmpty() && backups.isEmpty()
                    ? primary
                    : new TieredBlockstore(caches, primary, backups, queues, listener);
            this.mirror = daemon == null || client == null
                    ? null
                    : new DaemonMirror(folder.resolve("mirror"), pins, blocks, daemon.api(), client, listener);
        } catch (IOException | RuntimeException failed) {
            closeAfter(failed);
            throw failed;
        }
    }

    static Composition open(Path folder, StoreSettings settings, Pins pins, TierListener listener) throws IOException {
        return new Composition(folder, settings, pins, listener);
    }

    private static Blockstore files(Path folder, io.bitdelta.ipfs.block.StoreLimits limits) throws IOException {
        Blockstore files = FileBlockstore.open(folder, limits);
        Layout.of(folder, Layout.FILES);
        return files;
    }

    private Blockstore objects(Path folder, StoreSettings.ObjectStore settings) throws IOException {
        StoreSettings.Bucket place = settings.bucket();
        Layout layout = Layout.of(folder, place.place());
        S3Blockstore bucket = new S3Blockstore(remember(s3(place)), place.name(), place.prefix());
        bucket.claim(layout.id());
        StoreSettings.Cache cache = settings.cache();
        if (cache != null) {
            caches.add(redis(cache));
        }
        Path backup = settings.backup();
        if (backup != null) {
            FileBlockstore copies = FileBlockstore.open(backup);
            backups.add(copies);
            queues.add(new WriteQueue(folder.resolve("queue"), bucket, copies, listener));
        }
        return bucket;
    }

    private static S3AsyncClient s3(StoreSettings.Bucket place) throws IOException {
        S3AsyncClientBuilder builder = S3AsyncClient.builder()
                .region(Region.of(place.region()))
                .overrideConfiguration(
                        each -> each.apiCallAttemptTimeout(S3_ATTEMPT).apiCallTimeout(S3_CALL));
        URI endpoint = place.endpoint();
        if (endpoint != null) {
            builder.endpointOverride(endpoint).forcePathStyle(true);
        }
        Secret accessKey = place.accessKey();
        Secret secretKey = place.secretKey();
        if (accessKey != null && secretKey != null) {
            builder.credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey.read(), secretKey.read())));
        }
        return builder.build();
    }

    private Blockstore redis(StoreSettings.Cache cache) throws IOException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        remember(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
        RedisOptions options =
                new RedisOptions().setConnectionString(cache.address().toString());
        Secret password = cache.password();
        if (password != null) {
            options.setPassword(password.read());
        }
        Redis redis = Redis.createClient(vertx, options);
        remember(redis::close);
        return new RedisBlockstore(redis, cache.address().toString(), cache.ttl(), REDIS_TIMEOUT);
    }

    private static KuboClient client(StoreSettings.Daemon daemon, int tries) throws IOException {
        Secret authorization = daemon.authorization();
        return new KuboClient(new KuboEndpoint(
                daemon.api(), authorization == null ? null : authorization.read(), daemon.timeout(), tries, BACKOFF));
    }

    private <T extends AutoCloseable> T remember(T part) {
        opened.push(part);
        return part;
    }

    /** Where a write is acknowledged, and what a scrub reads. */
    Blockstore primary() {
        return primary;
    }

    /** All tiers together. */
    Blockstore blocks() {
        return blocks;
    }

    /** Places that may have what the primary lost. */
    List<BlockSource> backups() {
        return List.copyOf(backups);
    }

    List<WriteQueue> queues() {
        return List.copyOf(queues);
    }

    @Nullable
    DaemonMirror mirror() {
        return mirror;
    }

    private void closeAfter(Exception failed) {
        try {
            close();
        } catch (IOException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                IOException failure = e instanceof IOException io ? io : new IOException(e);
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
