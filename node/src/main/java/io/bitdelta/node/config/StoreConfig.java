package io.bitdelta.node.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.bitdelta.ipfs.Secret;
import io.bitdelta.ipfs.StoreSettings;
import io.bitdelta.ipfs.block.StoreLimits;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where content is kept. Secrets are named ({@code env:NAME}, {@code file:/path}), never written here.
 *
 * @param kind which of the following is used
 * @param kubo an IPFS daemon
 * @param s3 a bucket
 * @param redis a cache before the bucket
 */
public record StoreConfig(Kind kind, Kubo kubo, S3 s3, Redis redis) {
    /** Where blocks go. */
    public enum Kind {
        /** Files in the data folder. */
        EMBEDDED("embedded"),
        /** Files, and an IPFS daemon that gets what is public. */
        KUBO("kubo"),
        /** A bucket with a cache before it. */
        S3_REDIS("s3+redis");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /**
         * The kind of a word.
         *
         * @throws IllegalArgumentException for any other word
         */
        public static Kind of(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word.equals(word.strip().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("store.kind: \"%s\" is none of %s"
                            .formatted(
                                    word,
                                    Arrays.stream(values()).map(Kind::toString).collect(Collectors.joining(", ")))));
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /**
     * An IPFS daemon.
     *
     * @param api RPC address without {@code /api/v0}
     * @param authorization where the Authorization header's value is; empty for none
     */
    public record Kubo(String api, String authorization) {
        @JsonCreator
        static Kubo of(
                @JsonProperty("api") @Nullable String api,
                @JsonProperty("authorization") @Nullable String authorization) {
            return new Kubo(or(api, "http://127.0.0.1:5001"), or(authorization, ""));
        }
    }

    /**
     * A bucket of this node's own.
     *
     * @param endpoint empty for AWS
     * @param prefix of every object; empty or ends with a slash
     * @param accessKey where it is; empty, with the secret key, for the SDK's default sources
     * @param secretKey where it is
     */
    public record S3(String endpoint, String region, String bucket, String prefix, String accessKey, String secretKey) {
        @JsonCreator
        static S3 of(
                @JsonProperty("endpoint") @Nullable String endpoint,
                @JsonProperty("region") @Nullable String region,
                @JsonProperty("bucket") @Nullable String bucket,
                @JsonProperty("prefix") @Nullable String prefix,
                @JsonProperty("accessKey") @Nullable String accessKey,
                @JsonProperty("secretKey") @Nullable String secretKey) {
            return new S3(
                    or(endpoint, ""),
                    or(region, "us-east-1"),
                    or(bucket, "bitdelta"),
                    or(prefix, ""),
                    or(accessKey, ""),
                    or(secretKey, ""));
        }
    }

    /**
     * A cache.
     *
     * @param address {@code redis:} or {@code rediss:}
     * @param password where it is; empty for none
     * @param ttlSeconds how long a block stays
     */
    public record Redis(String address, String password, long ttlSeconds) {
        @JsonCreator
        static Redis of(
                @JsonProperty("address") @Nullable String address,
                @JsonProperty("password") @Nullable String password,
                @JsonProperty("ttlSeconds") @Nullable Long ttlSeconds) {
            return new Redis(
                    or(address, "redis://127.0.0.1:6379"), or(password, ""), ttlSeconds == null ? 86_400 : ttlSeconds);
        }
    }

    @JsonCreator
    static StoreConfig of(
            @JsonProperty("kind") @Nullable String kind,
            @JsonProperty("kubo") @Nullable Kubo kubo,
            @JsonProperty("s3") @Nullable S3 s3,
            @JsonProperty("redis") @Nullable Redis redis) {
        StoreConfig config = new StoreConfig(
                Kind.of(or(kind, Kind.EMBEDDED.toString())),
                kubo == null ? Kubo.of(null, null) : kubo,
                s3 == null ? S3.of(null, null, null, null, null, null) : s3,
                redis == null ? Redis.of(null, null, null) : redis);
        // A wrong address is an error of the configuration, not of the first use.
        Objects.requireNonNull(config.settings());
        return config;
    }

    static StoreConfig defaults() {
        return of(null, null, null, null);
    }

    /** The same places, another choice. */
    StoreConfig withKind(Kind other) {
        return new StoreConfig(other, kubo, s3, redis);
    }

    /** What the content store is opened with, with the usual limits for files. */
    public StoreSettings settings() {
        return settings(StoreLimits.DEFAULT);
    }

    /**
     * What the content store is opened with.
     *
     * @param limits for the kinds that keep files
     * @throws IllegalArgumentException when an address or a reference to a secret is none
     */
    public StoreSettings settings(StoreLimits limits) {
        return switch (kind) {
            case EMBEDDED -> new StoreSettings.Embedded(limits);
            case KUBO ->
                new StoreSettings.Kubo(
                        limits,
                        new StoreSettings.Daemon(
                                address("store.kubo.api", kubo.api()),
                                secret("store.kubo.authorization", kubo.authorization()),
                                Duration.ofSeconds(30)));
            case S3_REDIS ->
                new StoreSettings.ObjectStore(
                        new StoreSettings.Bucket(
                                s3.endpoint().isEmpty() ? null : address("store.s3.endpoint", s3.endpoint()),
                                s3.region(),
                                s3.bucket(),
                                s3.prefix(),
                                secret("store.s3.accessKey", s3.accessKey()),
                                secret("store.s3.secretKey", s3.secretKey())),
                        new StoreSettings.Cache(
                                address("store.redis.address", redis.address()),
                                secret("store.redis.password", redis.password()),
                                Duration.ofSeconds(redis.ttlSeconds())),
                        null,
                        null);
        };
    }

    private static URI address(String key, String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(key + ": this is no address", malformed);
        }
    }

    private static @Nullable Secret secret(String key, String reference) {
        try {
            return reference.isBlank() ? null : Secret.parse(reference);
        } catch (IllegalArgumentException malformed) {
            // Without the text: somebody may have written the secret itself.
            throw new IllegalArgumentException(
                    key + ": write env:NAME or file:/path, not the secret itself", malformed);
        }
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value.strip();
    }
}
