package io.bitdelta.ipfs.tier;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.block.CorruptBlockException;
import io.bitdelta.ipfs.block.HashMismatchException;
import io.bitdelta.ipfs.cid.Cid;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cache in Redis: {@code block:<cid>} with a time to live. It forgets, so it is no primary. Calls block and are meant
 * for virtual threads.
 */
public final class RedisBlockstore implements Blockstore {
    private final Redis redis;
    private final String name;
    private final Duration ttl;
    private final Duration timeout;

    /**
     * Caches in {@code redis}.
     *
     * @param name for messages; without credentials
     * @param ttl how long a block is kept, at least a second
     * @param timeout for one call
     */
    public RedisBlockstore(Redis redis, String name, Duration ttl, Duration timeout) {
        if (ttl.toSeconds() < 1) {
            throw new IllegalArgumentException("a time to live of at least a second, not " + ttl);
        }
        this.redis = redis;
        this.name = name;
        this.ttl = ttl;
        this.timeout = timeout;
    }

    @Override
    public Optional<Block> get(Cid cid) throws IOException {
        if (cid.isIdentity()) {
            return Optional.of(new Block(cid, cid.digest()));
        }
        Response response = send(Request.cmd(Command.GET).arg(key(cid)));
        if (response == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Block(cid, response.toBytes()));
        } catch (HashMismatchException e) {
            throw new CorruptBlockException(cid, name(), e.computed());
        }
    }

    @Override
    public boolean has(Cid cid) throws IOException {
        Response response = send(Request.cmd(Command.EXISTS).arg(key(cid)));
        return cid.isIdentity() || (response != null && response.toInteger() == 1);
    }

    @Override
    public void put(Block block) throws IOException {
        if (!block.cid().isIdentity()) {
            send(Request.cmd(Command.SET)
                    .arg(key(block.cid()))
                    .arg(Buffer.buffer(block.data()))
                    .arg("EX")
                    .arg(ttl.toSeconds()));
        }
    }

    @Override
    public OptionalLong delete(Cid cid) throws IOException {
        Response size = send(Request.cmd(Command.STRLEN).arg(key(cid)));
        Response removed = send(Request.cmd(Command.DEL).arg(key(cid)));
        return size != null && removed != null && removed.toInteger() == 1
                ? OptionalLong.of(size.toLong())
                : OptionalLong.empty();
    }

    /** A cache does not list what it happens to hold. */
    @Override
    public Stream<Cid> cids() {
        throw new UnsupportedOperationException("a cache does not list its blocks");
    }

    /** Nor does it count them. */
    @Override
    public long storedBytes() {
        throw new UnsupportedOperationException("a cache does not count its blocks");
    }

    @Override
    public String name() {
        return "redis " + name;
    }

    private static String key(Cid cid) {
        return "block:" + cid.toV1();
    }

    private @Nullable Response send(Request request) throws IOException {
        try {
            return redis.send(request)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while asking " + name());
        } catch (ExecutionException e) {
            throw new TierException(name(), e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new TierException(name(), e);
        }
    }
}
