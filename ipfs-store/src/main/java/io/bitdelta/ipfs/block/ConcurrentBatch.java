package io.bitdelta.ipfs.block;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes several blocks at a time, so that hashing goes on while a disk or a service works. At most {@link #IN_FLIGHT}
 * blocks wait in memory.
 */
public final class ConcurrentBatch implements BlockBatch {
    private static final int IN_FLIGHT = 16;

    private final Writer writer;
    private final ExecutorService writers;
    private final Semaphore permits = new Semaphore(IN_FLIGHT);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Writes one block; called from several threads. */
    @FunctionalInterface
    public interface Writer {
        /** Returns when the block needs nothing more before {@link BlockBatch#commit}. */
        void write(Block block) throws IOException;
    }

    /** A batch that hands its blocks to {@code writer}, which waits for a network. */
    public ConcurrentBatch(Writer writer) {
        this(writer, Executors.newVirtualThreadPerTaskExecutor());
    }

    /** With threads of its own, which end with the batch: a disk's answers block the carriers of virtual threads. */
    ConcurrentBatch(Writer writer, ExecutorService writers) {
        this.writer = writer;
        this.writers = writers;
    }

    /** Threads enough for a disk. */
    static ExecutorService diskThreads() {
        return Executors.newFixedThreadPool(
                IN_FLIGHT, Thread.ofPlatform().name("block-writer-", 0).daemon().factory());
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
                writer.write(block);
            } catch (IOException | RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            } finally {
                permits.release();
            }
        });
    }

    /** Returns once every block was written. */
    @Override
    public void commit() throws IOException {
        permits.acquireUninterruptibly(IN_FLIGHT);
        permits.release(IN_FLIGHT);
        throwFailure();
    }

    private void throwFailure() throws IOException {
        switch (failure.get()) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException("a writer threw a checked exception", e);
        }
    }

    @Override
    public void close() {
        writers.close();
    }
}
