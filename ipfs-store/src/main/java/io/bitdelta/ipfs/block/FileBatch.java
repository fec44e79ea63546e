package io.bitdelta.ipfs.block;

import io.bitdelta.ipfs.disk.Folders;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes and syncs several blocks at a time, so that hashing goes on while the disk works, and syncs each folder once. At
 * most {@link #IN_FLIGHT} blocks wait in memory.
 */
final class FileBatch implements BlockBatch {
    private static final int IN_FLIGHT = 16;

    private final FileBlockstore store;
    private final StoreLock.Lease lease;
    private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore permits = new Semaphore(IN_FLIGHT);
    private final Set<Path> touched = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    FileBatch(FileBlockstore store, StoreLock.Lease lease) {
        this.store = store;
        this.lease = lease;
    }

    @Override
    public void put(Block block) throws IOException {
        if (block.cid().isIdentity()) {
            return;
        }
        permits.acquireUninterruptibly();
        if (failure.get() != null) {
            permits.release();
            throwFailure();
        }
        writers.execute(() -> {
            try {
                touched.add(store.write(block));
            } catch (IOException | RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            } finally {
                permits.release();
            }
        });
    }

    @Override
    public void commit() throws IOException {
        permits.acquireUninterruptibly(IN_FLIGHT);
        permits.release(IN_FLIGHT);
        throwFailure();
        for (Path folder : touched) {
            Folders.sync(folder);
        }
        touched.clear();
    }

    private void throwFailure() throws IOException {
        switch (failure.get()) {
            case null -> {}
            case FileSystemException e -> throw store.unwritable(e);
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException("a writer threw a checked exception", e);
        }
    }

    @Override
    public void close() throws IOException {
        writers.close();
        lease.close();
    }
}
