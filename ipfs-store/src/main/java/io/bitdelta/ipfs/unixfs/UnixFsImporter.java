package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.Progress;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockBatch;
import io.bitdelta.ipfs.block.Blockstore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Cuts byte streams of any length into blocks. Memory is bounded by a few chunks per thread; the result depends on the
 * bytes and the profile alone, not on the number of threads.
 */
public final class UnixFsImporter {
    private final Blockstore store;
    private final ImportProfile profile;
    private final int threads;

    /** Imports with {@link ImportProfile#UNIXFS_V1_2025} on one thread. */
    public UnixFsImporter(Blockstore store) {
        this(store, ImportProfile.UNIXFS_V1_2025, 1);
    }

    /** Imports with {@code threads} threads that hash. */
    public UnixFsImporter(Blockstore store, ImportProfile profile, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("at least one thread, not " + threads);
        }
        this.store = store;
        this.profile = profile;
        this.threads = threads;
    }

    /** Imports a stream to its end; when this returns, its blocks are durable. */
    public ImportResult importStream(InputStream source, Progress progress) throws IOException {
        try (BlockBatch batch = store.batch()) {
            ImportResult result = importInto(batch, source, progress);
            batch.commit();
            return result;
        }
    }

    /** Imports a file; when this returns, its blocks are durable. */
    public ImportResult importFile(Path file, Progress progress) throws IOException {
        try (InputStream source = Files.newInputStream(file)) {
            return importStream(source, progress);
        }
    }

    ImportResult importInto(BlockBatch batch, InputStream source, Progress progress) throws IOException {
        BalancedTree tree = new BalancedTree(profile, batch);
        if (threads == 1) {
            byte[] chunk = source.readNBytes(profile.chunkBytes());
            do {
                tree.add(profile.leaf(chunk), chunk.length);
                progress.done(chunk.length);
                chunk = source.readNBytes(profile.chunkBytes());
            } while (chunk.length > 0);
        } else {
            hashInParallel(tree, source, progress);
        }
        return tree.finish();
    }

    private void hashInParallel(BalancedTree tree, InputStream source, Progress progress) throws IOException {
        record Leaf(Block block, int bytes) {}
        ArrayDeque<Future<Leaf>> ahead = new ArrayDeque<>();
        ExecutorService hashers = Executors.newFixedThreadPool(threads);
        try {
            byte[] chunk = source.readNBytes(profile.chunkBytes());
            boolean more = true;
            while (more || !ahead.isEmpty()) {
                if (more) {
                    byte[] current = chunk;
                    ahead.add(hashers.submit(() -> new Leaf(profile.leaf(current), current.length)));
                    chunk = source.readNBytes(profile.chunkBytes());
                    more = chunk.length > 0;
                }
                if (!more || ahead.size() > 2 * threads) {
                    Leaf leaf = result(ahead.remove());
                    tree.add(leaf.block, leaf.bytes);
                    progress.done(leaf.bytes);
                }
            }
        } finally {
            hashers.shutdownNow();
        }
    }

    private static <T> T result(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while importing");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException("hashing a chunk failed", e.getCause());
        }
    }
}
