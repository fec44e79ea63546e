package io.bitdelta.attestation.envelope;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream in portions of one size, ahead of whoever takes them: a virtual thread copies the next portion out of the
 * stream while the cipher works on this one. A stream of one portion is read by the caller alone. Three portions are in
 * memory, however long the stream. For one caller.
 */
final class ReadAhead implements AutoCloseable {
    private static final int PORTIONS = 3;

    private final InputStream in;
    private final Portion[] portions = new Portion[PORTIONS];
    private final BlockingQueue<Portion> free = new ArrayBlockingQueue<>(PORTIONS);
    private final BlockingQueue<Portion> ready = new ArrayBlockingQueue<>(PORTIONS);
    private final @Nullable Thread reader;
    private @Nullable Portion given;
    private int lookedAt = -1;

    /** What was read at once; its holder owns it until it asks for the next one. */
    static final class Portion {
        private final byte[] bytes;
        private int length;
        private boolean last;
        private @Nullable IOException failure;

        private Portion(int size) {
            bytes = new byte[size];
        }

        /** The bytes, from 0 to {@link #length}. */
        byte[] bytes() {
            return bytes;
        }

        /** As large as a portion is, unless it is the last one. */
        int length() {
            return length;
        }

        /** Whether the stream ends with it. */
        boolean last() {
            return last;
        }
    }

    /**
     * Reads the first portion.
     *
     * @param size of a portion in bytes
     */
    ReadAhead(InputStream in, int size) throws IOException {
        this.in = in;
        Portion first = new Portion(size);
        portions[0] = first;
        fill(first);
        ready.add(first);
        if (first.last) {
            reader = null;
            return;
        }
        for (int i = 1; i < PORTIONS; i++) {
            portions[i] = new Portion(size);
            free.add(portions[i]);
        }
        reader = Thread.ofVirtual().name("envelope-read-ahead").start(this::run);
    }

    private void run() {
        try {
            boolean last = false;
            while (!last) {
                Portion next = free.take();
                try {
                    fill(next);
                    last = next.last;
                } catch (IOException | RuntimeException e) {
                    next.failure = e instanceof IOException io ? io : new IOException("the stream failed: " + e, e);
                    last = true;
                }
                ready.put(next);
            }
        } catch (InterruptedException closed) {
            // close() waits for this end.
            Thread.currentThread().interrupt();
        }
    }

    /** Only a look at the byte behind a full portion tells whether it is the last one. */
    private void fill(Portion portion) throws IOException {
        int length = 0;
        if (lookedAt >= 0) {
            portion.bytes[length++] = (byte) lookedAt;
        }
        while (length < portion.bytes.length) {
            int read = in.read(portion.bytes, length, portion.bytes.length - length);
            if (read < 0) {
                break;
            }
            length += read;
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while reading");
            }
        }
        lookedAt = length == portion.bytes.length ? in.read() : -1;
        portion.length = length;
        portion.last = lookedAt < 0;
    }

    /**
     * The next portion; the one before is read over. Not to be called behind the last one.
     *
     * @throws IOException of the stream, in the place where it failed
     */
    Portion next() throws IOException {
        if (given != null) {
            free.add(given);
        }
        try {
            given = ready.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while reading");
            interrupted.initCause(e);
            throw interrupted;
        }
        if (given.failure != null) {
            throw given.failure;
        }
        return given;
    }

    /** Wipes what was read. Waits for a read that is under way: behind this nobody uses the stream. */
    @Override
    public void close() {
        boolean interrupted = false;
        if (reader != null) {
            reader.interrupt();
            while (reader.isAlive()) {
                try {
                    reader.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        for (Portion portion : portions) {
            if (portion != null) {
                Arrays.fill(portion.bytes, (byte) 0);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
