package io.bitdelta.ipfs;

import io.bitdelta.ipfs.block.StoreLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a store keeps its blocks. Pins and what is still to be sent always lie in the store's folder. Holds references to
 * secrets, never secrets.
 */
public sealed interface StoreSettings {
    /** Files in the store's folder, with {@link StoreLimits#DEFAULT}. */
    StoreSettings EMBEDDED = new Embedded(StoreLimits.DEFAULT);

    /**
     * Files in the store's folder.
     *
     * @param limits how much room they may take
     */
    record Embedded(StoreLimits limits) implements StoreSettings {}

    /**
     * Files in the store's folder; public pins are sent to a daemon as archives and pinned there, and blocks that are
     * missing here are read from it. While the daemon is away, everything but that works.
     *
     * @param limits how much room the files may take
     * @param daemon where public pins are sent
     */
    record Kubo(StoreLimits limits, Daemon daemon) implements StoreSettings {}

    /**
     * Objects in a bucket that belongs to this store alone, with a small cache in memory before everything else.
     *
     * @param bucket the primary: a write is acknowledged once the bucket holds it
     * @param cache asked before the bucket; null for none
     * @param backup a folder, on another disk say, that gets every block later and is asked after the bucket; null for
     *     none
     * @param daemon gets public pins, as in {@link Kubo}; null for none
     */
    record ObjectStore(
            Bucket bucket,
            @Nullable Cache cache,
            @Nullable Path backup,
            @Nullable Daemon daemon) implements StoreSettings {}

    /**
     * A daemon with the Kubo RPC API.
     *
     * @param api its address without {@code /api/v0}, e.g. {@code http://127.0.0.1:5001}
     * @param authorization the value of the {@code Authorization} header
     * @param timeout the longest silence during a call
     */
    record Daemon(URI api, @Nullable Secret authorization, Duration timeout) {
        /** Without authorization, 30 s. */
        public static Daemon of(URI api) {
            return new Daemon(api, null, Duration.ofSeconds(30));
        }

        /** An http or https address without credentials, and a time. */
        public Daemon {
            requireAddress("daemon", api, Set.of("http", "https"));
            requirePositive("daemon timeout", timeout);
        }
    }

    /**
     * A bucket of an S3 service.
     *
     * @param endpoint the service; null for AWS's own in the region
     * @param region e.g. {@code us-east-1}
     * @param name the bucket, which is there
     * @param prefix of every object; empty or ends with a slash
     * @param accessKey null, together with {@code secretKey}, for the SDK's default sources of credentials
     * @param secretKey of the access key
     */
    record Bucket(
            @Nullable URI endpoint,
            String region,
            String name,
            String prefix,
            @Nullable Secret accessKey,
            @Nullable Secret secretKey) {
        /** Both keys or none; names that are not empty. */
        public Bucket {
            if (endpoint != null) {
                requireAddress("S3 endpoint", endpoint, Set.of("http", "https"));
            }
            if (region.isBlank() || name.isBlank()) {
                throw new IllegalArgumentException(
                        "S3 needs a region and a bucket, not '" + region + "' and '" + name + "'");
            }
            if (!prefix.isEmpty() && !prefix.endsWith("/")) {
                throw new IllegalArgumentException("the S3 prefix '" + prefix + "' does not end with a slash");
            }
            if ((accessKey == null) != (secretKey == null)) {
                throw new IllegalArgumentException("S3 needs both the access key and its secret, or neither");
            }
        }

        /** The place, to tell one from another. */
        String place() {
            return Objects.requireNonNullElse(endpoint, "aws " + region) + " " + name + " " + prefix;
        }
    }

    /**
     * A Redis server that caches.
     *
     * @param address e.g. {@code redis://127.0.0.1:6379}, or {@code rediss:} for TLS
     * @param password null for none
     * @param ttl how long a block is kept, at least a second
     */
    record Cache(URI address, @Nullable Secret password, Duration ttl) {
        /** Without a password, a day. */
        public static Cache of(URI address) {
            return new Cache(address, null, Duration.ofDays(1));
        }

        /** A redis address without credentials, and a time. */
        public Cache {
            requireAddress("Redis address", address, Set.of("redis", "rediss"));
            if (ttl.toSeconds() < 1) {
                throw new IllegalArgumentException("a cached block lives for at least a second, not " + ttl);
            }
        }
    }

    private static void requireAddress(String what, URI address, Set<String> schemes) {
        // Without the address: it may hold the password that is being refused.
        if (address.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "the " + what + " holds credentials; configure them as env:NAME or file:/path");
        }
        String scheme = address.getScheme();
        if (scheme == null || !schemes.contains(scheme) || address.getHost() == null) {
            throw new IllegalArgumentException("the " + what + " '" + address + "' is no address that begins with "
                    + String.join(
                            " or ",
                            schemes.stream().sorted().map(each -> each + "://").toList()));
        }
    }

    private static void requirePositive(String what, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("the " + what + " is positive, not " + time);
        }
    }
}
