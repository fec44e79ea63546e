package io.bitdelta.ipfs.kubo;

import io.bitdelta.ipfs.disk.WholeFile;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A form with one file, as the API wants uploads, for one try of a call. Streamed: the content is written as the socket
 * takes it, on a thread of its own, which ends when the upload is closed.
 */
final class Upload implements AutoCloseable {
    static final String CONTENT_TYPE;
    private static final String BOUNDARY = "bitdelta-7f3d0c2b5a9e4861";
    private static final int PIPE_BYTES = 1 << 18;

    static {
        CONTENT_TYPE = "multipart/form-data; boundary=" + BOUNDARY;
    }

    private final InputStream content;
    private volatile long moved = System.nanoTime();
    private volatile @Nullable Exception failure;

    /** Makes the same upload anew for every try. */
    @FunctionalInterface
    interface Source {
        Upload open() throws IOException;
    }

    private Upload(InputStream content) {
        this.content = content;
    }

    static Upload of(byte[] bytes) {
        return new Upload(new ByteArrayInputStream(bytes));
    }

    static Upload of(WholeFile.Content content) throws IOException {
        PipedInputStream pipe = new PipedInputStream(PIPE_BYTES);
        PipedOutputStream sink = new PipedOutputStream(pipe);
        Upload upload = new Upload(pipe);
        Thread.ofVirtual().name("car-upload").start(() -> {
            try (sink) {
                upload.write(content, sink);
            } catch (IOException e) {
                upload.failure = e;
            }
        });
        return upload;
    }

    /** Notes a failure before the pipe's end is closed: whoever sees the end sees why. */
    private void write(WholeFile.Content source, OutputStream sink) {
        try {
            source.writeTo(sink);
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    HttpRequest.BodyPublisher publisher() {
        String head = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n";
        String tail = "\r\n--" + BOUNDARY + "--\r\n";
        InputStream all = new SequenceInputStream(
                Collections.enumeration(List.of(ascii(head), new Watched(content), ascii(tail))));
        return HttpRequest.BodyPublishers.ofInputStream(() -> all);
    }

    private static InputStream ascii(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** When the socket last took something, as {@link System#nanoTime} tells it. */
    long moved() {
        return moved;
    }

    /** Why the content could not be written, if that is so: no fault of the daemon's. */
    @Nullable
    Exception failure() {
        return failure;
    }

    @Override
    public void close() throws IOException {
        content.close();
    }

    /** Ends with the writer's failure instead of an ordinary end, so that a cut upload is never taken for a whole one. */
    private final class Watched extends FilterInputStream {
        private Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return checked(super.read());
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return checked(super.read(target, offset, length));
        }

        private int checked(int result) throws IOException {
            moved = System.nanoTime();
            Exception cause = failure;
            if (result < 0 && cause != null) {
                throw new IOException("the content to send cannot be read: " + cause.getMessage(), cause);
            }
            return result;
        }
    }
}
