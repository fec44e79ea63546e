package io.bitdelta.ipfs.kubo;

import io.bitdelta.ipfs.disk.WholeFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** A form with one file, as the API wants uploads; streamed, so its size does not matter. */
final class Multipart {
    private static final String BOUNDARY = "bitdelta-7f3d0c2b5a9e4861";
    static final String CONTENT_TYPE = "multipart/form-data; boundary=" + BOUNDARY;
    private static final int PIPE_BYTES = 1 << 18;

    private Multipart() {}

    static Supplier<HttpRequest.BodyPublisher> of(byte[] content) {
        return () -> publisher(new ByteArrayInputStream(content));
    }

    /** {@code content} is written anew for every try, on a thread of its own. */
    static Supplier<HttpRequest.BodyPublisher> of(WholeFile.Content content) {
        return () -> publisher(pipe(content));
    }

    private static HttpRequest.BodyPublisher publisher(InputStream content) {
        String head = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n";
        String tail = "\r\n--" + BOUNDARY + "--\r\n";
        InputStream all = new SequenceInputStream(Collections.enumeration(List.of(bytes(head), content, bytes(tail))));
        return HttpRequest.BodyPublishers.ofInputStream(() -> all);
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static InputStream pipe(WholeFile.Content content) {
        try {
            Failing source = new Failing();
            PipedOutputStream sink = new PipedOutputStream(source);
            Thread.ofVirtual().name("car-upload").start(() -> {
                try (sink) {
                    content.writeTo(sink);
                } catch (IOException | RuntimeException e) {
                    source.failure = e;
                }
            });
            return source;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends with the writer's failure instead of an ordinary end, so that a cut upload is never taken for a whole one. */
    private static final class Failing extends PipedInputStream {
        private volatile @org.jspecify.annotations.Nullable Exception failure;

        private Failing() {
            super(PIPE_BYTES);
        }

        @Override
        public synchronized int read() throws IOException {
            return checked(super.read());
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) throws IOException {
            return checked(super.read(target, offset, length));
        }

        private int checked(int result) throws IOException {
            Exception cause = failure;
            if (result < 0 && cause != null) {
                throw new IOException("the content to send cannot be read: " + cause.getMessage(), cause);
            }
            return result;
        }
    }
}
