package io.bitdelta.ipfs.block;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A shared/exclusive lock on a file that holds between the threads of this process and between processes. Leases belong
 * to no thread, so a lease may be released by another thread than the one that took it. The operating system drops a dead
 * process's locks.
 *
 * <p>Java refuses two overlapping file locks in one process, so all leases of one file share one object, found by its
 * real path.
 */
public final class StoreLock {
    private static final ConcurrentHashMap<Path, StoreLock> LOCKS = new ConcurrentHashMap<>();
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Path file;
    private final ReentrantLock monitor = new ReentrantLock();
    private final Condition changed = monitor.newCondition();
    private int shared;
    private boolean exclusive;
    private @Nullable FileChannel channel;

    private StoreLock(Path file) {
        this.file = file;
    }

    /** Ends on {@link #close}; closing twice is closing once. */
    public static final class Lease implements AutoCloseable {
        private final StoreLock lock;
        private final boolean exclusive;
        private boolean open = true;

        private Lease(StoreLock lock, boolean exclusive) {
            this.lock = lock;
            this.exclusive = exclusive;
        }

        @Override
        public synchronized void close() throws IOException {
            if (open) {
                open = false;
                lock.release(exclusive);
            }
        }
    }

    /** The lock of a file in an existing folder. */
    public static StoreLock of(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("a lock file needs a folder: " + file);
        }
        return LOCKS.computeIfAbsent(folder.toRealPath().resolve(file.getFileName()), StoreLock::new);
    }

    /** Waits until no exclusive lease is held anywhere. */
    public Lease shared() throws IOException {
        monitor.lock();
        try {
            while (exclusive) {
                changed.awaitUninterruptibly();
            }
            if (shared == 0) {
                lockFile(true, Long.MAX_VALUE);
            }
            shared++;
            return new Lease(this, false);
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Waits until no lease is held anywhere.
     *
     * @return null if that did not happen within {@code patience}
     */
    public @Nullable Lease exclusive(Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        monitor.lock();
        try {
            while (exclusive || shared > 0) {
                long rest = deadline - System.nanoTime();
                if (rest <= 0) {
                    return null;
                }
                await(rest);
            }
            if (!lockFile(false, deadline)) {
                return null;
            }
            exclusive = true;
            return new Lease(this, true);
        } finally {
            monitor.unlock();
        }
    }

    /** Called with the monitor held; with a deadline it polls, because a file lock cannot wait for a time. */
    private boolean lockFile(boolean forSharing, long deadline) throws IOException {
        FileChannel opened =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            if (deadline == Long.MAX_VALUE) {
                FileLock held = opened.lock(0, Long.MAX_VALUE, forSharing);
                locked = held.isValid();
            } else {
                while (!locked) {
                    FileLock held = opened.tryLock(0, Long.MAX_VALUE, forSharing);
                    locked = held != null;
                    long rest = deadline - System.nanoTime();
                    if (!locked && rest <= 0) {
                        return false;
                    }
                    if (!locked) {
                        await(Math.min(rest, POLL_NANOS));
                    }
                }
            }
            channel = opened;
            return true;
        } finally {
            if (!locked) {
                opened.close();
            }
        }
    }

    @SuppressWarnings("WaitNotInLoop") // every caller checks its condition again
    private void await(long nanos) throws IOException {
        try {
            long left = changed.awaitNanos(nanos);
            assert left <= nanos;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while waiting for " + file);
        }
    }

    private void release(boolean wasExclusive) throws IOException {
        monitor.lock();
        try {
            if (wasExclusive) {
                exclusive = false;
            } else {
                shared--;
            }
            FileChannel held = channel;
            if (shared == 0 && held != null) {
                channel = null;
                held.close();
            }
            changed.signalAll();
        } finally {
            monitor.unlock();
        }
    }
}
