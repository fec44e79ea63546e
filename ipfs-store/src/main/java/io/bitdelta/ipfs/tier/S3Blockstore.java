package io.bitdelta.ipfs.tier;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.block.CorruptBlockException;
import io.bitdelta.ipfs.block.HashMismatchException;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.InvalidCidException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.S3Exception;

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
        try {
            return cid.isIdentity()
                    || await(s3.headObject(request -> request.bucket(bucket).key(key(cid)))) != null;
        } catch (Absent e) {
            return false;
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
    public boolean delete(Cid cid) throws IOException {
        boolean there = has(cid);
        await(s3.deleteObject(request -> request.bucket(bucket).key(key(cid))));
        return there;
    }

    @Override
    public Stream<Cid> cids() throws IOException {
        List<Cid> found = new ArrayList<>();
        await(s3.listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix))
                .contents()
                .subscribe(object -> named(object.key()).ifPresent(found::add)));
        return found.stream();
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
