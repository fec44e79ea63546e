package io.bitdelta.ipfs.bench;

import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.gateway.TrustlessGateway;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Ranges of one file, as archives from a gateway on loopback: a hundred readers at a time against one. Server and readers
 * share the machine.
 */
final class GatewayBench {
    private static final int READERS = 100;
    private static final long RANGE = 8L << 20;
    private static final int ROUNDS = 3;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI file;
    private final long bytes;

    private GatewayBench(URI file, long bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** Reads as many ranges with one reader and with a hundred, and compares bytes per second. */
    static StoreBenchResult run(ContentStore store, Cid root, long bytes) throws IOException {
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(new TrustlessGateway(store.published()).router(vertx))
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            URI file = URI.create("http://127.0.0.1:" + server.actualPort() + "/ipfs/" + root);
            GatewayBench bench = new GatewayBench(file, bytes);
            double one = 0;
            double crowd = 0;
            for (int i = 0; i < ROUNDS; i++) {
                one = Math.max(one, bench.speed(1));
                crowd = Math.max(crowd, bench.speed(READERS));
            }
            return new StoreBenchResult("gateway-" + READERS, crowd, "GiB/s", one, crowd / one);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** GiB per second of a file's worth of ranges. */
    private double speed(int readers) throws IOException {
        long ranges = Math.max(1, bytes / RANGE / readers) * readers;
        long start = System.nanoTime();
        long read = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> parts = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                SplittableRandom random = new SplittableRandom(i);
                parts.add(threads.submit(() -> read(ranges / readers, random)));
            }
            for (Future<Long> part : parts) {
                read += part.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("a reader failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while measuring");
        }
        return read / (double) (1 << 30) / ((System.nanoTime() - start) / 1e9);
    }

    private long read(long ranges, SplittableRandom random) throws IOException, InterruptedException {
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        for (long i = 0; i < ranges; i++) {
            long from = random.nextLong(Math.max(1, bytes - RANGE + 1));
            String query =
                    "?format=car&dag-scope=entity&entity-bytes=" + from + ":" + (Math.min(bytes, from + RANGE) - 1);
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(file + query)).build();
            try (InputStream body = http.send(request, HttpResponse.BodyHandlers.ofInputStream())
                    .body()) {
                for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                    total += n;
                }
            }
        }
        return total;
    }
}
