package io.bitdelta.ipfs;

import io.bitdelta.ipfs.kubo.KuboClient;
import io.bitdelta.ipfs.kubo.KuboEndpoint;
import io.bitdelta.ipfs.tier.RedisBlockstore;
import io.bitdelta.ipfs.tier.S3Blockstore;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;

/** Opens clients of services. Apart from {@link Composition}, so that a store of files never loads their libraries. */
final class Connections {
    private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration S3_ATTEMPT = Duration.ofSeconds(30);
    private static final Duration S3_CALL = Duration.ofMinutes(2);
    private static final Duration BACKOFF = Duration.ofMillis(200);

    private Connections() {}

    /** {@code opened} takes what is to be closed, the last first. */
    static S3Blockstore bucket(StoreSettings.Bucket place, Consumer<AutoCloseable> opened) throws IOException {
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
        S3AsyncClient client = builder.build();
        opened.accept(client);
        return new S3Blockstore(client, place.name(), place.prefix());
    }

    /** Connects when first asked. */
    static RedisBlockstore cache(StoreSettings.Cache cache, Consumer<AutoCloseable> opened) throws IOException {
        RedisOptions options =
                new RedisOptions().setConnectionString(cache.address().toString());
        Secret password = cache.password();
        if (password != null) {
            options.setPassword(password.read());
        }
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        opened.accept(
                () -> vertx.close().toCompletionStage().toCompletableFuture().join());
        Redis redis = Redis.createClient(vertx, options);
        opened.accept(redis::close);
        return new RedisBlockstore(redis, cache.address().toString(), cache.ttl(), REDIS_TIMEOUT);
    }

    /** A client that tries each call {@code tries} times. */
    static KuboClient daemon(StoreSettings.Daemon daemon, int tries) throws IOException {
        Secret authorization = daemon.authorization();
        return new KuboClient(new KuboEndpoint(
                daemon.api(), authorization == null ? null : authorization.read(), daemon.timeout(), tries, BACKOFF));
    }
}
