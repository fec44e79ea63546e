package io.bitdelta.ipfs.kubo;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An answer's body that breaks off when it gives fewer than {@link #MIN_BYTES_PER_SECOND} over a whole time limit of
 * waiting, so that neither silence nor a trickle holds a caller for ever. Time the reader spends elsewhere does not count.
 */
final class PacedBody extends FilterInputStream {
    /** Slower is as good as dead: a full block would take half an hour. */
    static final int MIN_BYTES_PER_SECOND = 1024;

    private static final long SHORTEST_SLEEP = TimeUnit.MILLISECONDS.toNanos(5);

    private final long window;
    private final long enough;
    private long waited;
    private long bytes;
    private long readingSince;
    private boolean reading;
    private boolean stalled;
    private boolean closed;

    PacedBody(InputStream body, Duration timeout) {
        super(body);
        this.window = timeout.toNanos();
        this.enough = Math.max(1, timeout.toSeconds() * MIN_BYTES_PER_SECOND);
        Thread.ofVirtual().name("rpc-pace").start(this::watch);
    }

    private void watch() {
        long sleep = window;
        while (sleep > 0) {
            LockSupport.parkNanos(Math.max(sleep, SHORTEST_SLEEP));
            sleep = untilNextLook();
        }
        if (isStalled()) {
            try {
                // Wakes the reader, whose read fails.
                in.close();
            } catch (IOException e) {
                // The reader is told that the body stalled, which is the cause of this too.
                return;
            }
        }
    }

    /** Nanoseconds, or 0 when there is nothing more to watch. */
    private synchronized long untilNextLook() {
        if (closed) {
            return 0;
        }
        long total = waited + (reading ? System.nanoTime() - readingSince : 0);
        if (total < window) {
            return window - total;
        }
        if (bytes < enough) {
            stalled = true;
            return 0;
        }
        waited = 0;
        bytes = 0;
        if (reading) {
            readingSince = System.nanoTime();
        }
        return window;
    }

    /** Whether the body broke off because it was too slow. */
    synchronized boolean isStalled() {
        return stalled;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        begin();
        int count = 0;
        try {
            count = in.read(target, offset, length);
            return count;
        } finally {
            end(count);
        }
    }

    private synchronized void begin() {
        readingSince = System.nanoTime();
        reading = true;
    }

    private synchronized void end(int count) {
        waited += System.nanoTime() - readingSince;
        bytes += Math.max(0, count);
        reading = false;
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        super.close();
    }
}
