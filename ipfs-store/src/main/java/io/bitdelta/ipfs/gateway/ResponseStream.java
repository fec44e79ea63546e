package io.bitdelta.ipfs.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A response's body as a blocking stream, for virtual threads: at most one buffer of {@value #BUFFER_BYTES} bytes waits for
 * the socket, so a slow client slows its own thread alone and costs little memory.
 */
final class ResponseStream extends OutputStream {
    private static final int BUFFER_BYTES = 1 << 17;
    private static final long STALL_SECONDS = 60;

    private final HttpServerResponse response;
    private Buffer waiting = Buffer.buffer();

    ResponseStream(HttpServerResponse response) {
        this.response = response;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int taken = Math.min(length - done, BUFFER_BYTES - waiting.length());
            waiting.appendBytes(data, offset + done, taken);
            done += taken;
            if (waiting.length() == BUFFER_BYTES) {
                flush();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        if (waiting.length() > 0) {
            Buffer full = waiting;
            waiting = Buffer.buffer();
            await(response.write(full));
        }
    }

    @Override
    public void close() throws IOException {
        flush();
        await(response.end());
    }

    private static void await(io.vertx.core.Future<Void> written) throws IOException {
        try {
            written.toCompletionStage().toCompletableFuture().get(STALL_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while answering");
        } catch (ExecutionException e) {
            throw new ClientGoneException("the client went away", e);
        } catch (TimeoutException e) {
            throw new ClientGoneException("the client took nothing for " + STALL_SECONDS + " s", e);
        }
    }

    /** Nobody reads the answer any more. */
    static final class ClientGoneException extends IOException {
        private static final long serialVersionUID = 1L;

        ClientGoneException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
