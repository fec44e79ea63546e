package io.bitdelta.ipfs.tier;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockBatch;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.block.ConcurrentBatch;
import io.bitdelta.ipfs.block.CorruptBlockException;
import io.bitdelta.ipfs.block.HashMismatchException;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.InvalidCidException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * One object per block in a bucket, under {@code <prefix><shard>/<cid>}. Objects are written on the condition that none
 * is there, with the block's own SHA-256 as the checksum the service checks. A block always fits into one put. The
 * service's timeouts and retries are the client's.
 */
public final class S3Blockstore implements Blockstore {
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;
    private static final int CONFLICT = 409;

    private final S3AsyncClient s3;
    private final String bucket;
    private final String prefix;

    /** Stores in a bucket that is there; {@code prefix} is empty or ends with a slash. */
    public S3Blockstore(S3AsyncClient s3, String bucket, String prefix) {
        if (!prefix.isEmpty() && !prefix.endsWith("/")) {
            throw new IllegalArgumentException("the prefix '" + prefix + "' does not end with a slash");
        }
        this.s3 = s3;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    @Override
    public Optional<Block> get(Cid cid) throws IOException {
        if (cid.isIdentity()) {
            return Optional.of(new Block(cid, cid.digest()));
        }
        try {
            byte[] data = await(s3.getObject(
                            request -> request.bucket(bucket).key(key(cid)).range("bytes=0-" + Block.MAX_BYTES),
                            AsyncResponseTransformer.toBytes()))
                    .asByteArrayUnsafe();
            return Optional.of(new Block(cid, data));
        } catch (Absent e) {
            return Optional.empty();
        } catch (HashMismatchException e) {
            throw new CorruptBlockException(cid, name(), e.computed());
        }
    }

    @Override
    public boolean has(Cid cid) throws IOException {
        return cid.isIdentity() || size(cid).isPresent();
    }

    private OptionalLong size(Cid cid) throws IOException {
        try {
            return OptionalLong.of(
                    await(s3.headObject(request -> request.bucket(bucket).key(key(cid))))
                            .contentLength());
        } catch (Absent e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void put(Block block) throws IOException {
        if (block.cid().isIdentity()) {
            return;
        }
        try {
            write(block, true);
        } catch (Present e) {
            // Somebody wrote it before; trust that only after a look, and replace a damaged copy.
            if (!isWhole(block.cid())) {
                write(block, false);
            }
        }
    }

    private boolean isWhole(Cid cid) throws IOException {
        try {
            return get(cid).isPresent();
        } catch (CorruptBlockException e) {
            return false;
        }
    }

    private void write(Block block, boolean onlyIfAbsent) throws IOException {
        String checksum = Base64.getEncoder().encodeToString(block.cid().digest());
        await(s3.putObject(
                request -> {
                    request.bucket(bucket)
                            .key(key(block.cid()))
                            .checksumSHA256(checksum)
                            .contentType("application/vnd.ipld.raw");
                    if (onlyIfAbsent) {
                        request.ifNoneMatch("*");
                    }
                },
                AsyncRequestBody.fromBytesUnsafe(block.data())));
    }

    @Override
    public OptionalLong delete(Cid cid) throws IOException {
        OptionalLong size = size(cid);
        if (size.isPresent()) {
            await(s3.deleteObject(request -> request.bucket(bucket).key(key(cid))));
        }
        return size;
    }

    /** Puts several objects at a time; each is durable by itself. */
    @Override
    public BlockBatch batch() {
        return new ConcurrentBatch(this::put);
    }

    @Override
    public Stream<Cid> cids() throws IOException {
        List<Cid> found = new ArrayList<>();
        forEach(object -> named(object.key()).ifPresent(found::add));
        return found.stream();
    }

    @Override
    public long storedBytes() throws IOException {
        AtomicLong total = new AtomicLong();
        forEach(object -> {
            if (named(object.key()).isPresent()) {
                total.addAndGet(object.size());
            }
        });
        return total.get();
    }

    private void forEach(Consumer<S3Object> action) throws IOException {
        await(s3.listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix))
                .contents()
                .subscribe(action));
    }

    /**
     * Marks the bucket as one owner's, so that no other store collects what it does not know to be pinned.
     *
     * @param owner the store's own name
     * @throws BucketTakenException if another store has marked it
     */
    public void claim(String owner) throws IOException {
        String marker = prefix + "store";
        try {
            await(s3.putObject(
                    request -> request.bucket(bucket).key(marker).ifNoneMatch("*"),
                    AsyncRequestBody.fromString(owner)));
        } catch (Present e) {
            String found = await(s3.getObject(
                            request -> request.bucket(bucket).key(marker).range("bytes=0-99"),
                            AsyncResponseTransformer.toBytes()))
                    .asUtf8String();
            if (!found.equals(owner)) {
                throw new BucketTakenException(name() + "/" + prefix, found, owner);
            }
        }
    }

    private static Optional<Cid> named(String key) {
        try {
            return Optional.of(Cid.parse(key.substring(key.lastIndexOf('/') + 1)));
        } catch (InvalidCidException e) {
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return "bucket " + bucket;
    }

    private String key(Cid cid) {
        String text = cid.toV1().toString();
        return prefix + text.substring(text.length() - 3, text.length() - 1) + "/" + text;
    }

    private static final class Absent extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static final class Present extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private <T> T await(CompletableFuture<T> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while asking " + name());
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            int status = cause instanceof S3Exception refusal ? refusal.statusCode() : 0;
            if (status == NOT_FOUND) {
                throw new Absent();
            }
            if (status == PRECONDITION_FAILED || status == CONFLICT) {
                throw new Present();
            }
            throw new TierException(name(), cause);
        }
    }
}
