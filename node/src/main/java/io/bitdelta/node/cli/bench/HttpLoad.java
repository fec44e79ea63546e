package io.bitdelta.node.cli.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongFunction;

/** A client that keeps a number of connections busy with GETs, each sent when the one before was answered. */
final class HttpLoad implements AutoCloseable {
    private static final int BUCKET_US = 10;
    private static final int BUCKETS = 100_000;

    private final Vertx vertx;
    private final HttpClient client;
    private final int connections;

    HttpLoad(Vertx vertx, int connections) {
        this.vertx = vertx;
        this.connections = connections;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(true).setPipelining(false),
                new PoolOptions().setHttp1MaxSize(connections));
    }

    /**
     * What came of it.
     *
     * @param perSecond answers with status 200
     * @param p50 milliseconds
     * @param p99 milliseconds
     * @param errors other answers, and requests without one
     * @param perProcessorSecond answers with status 200 in a second of processor time, client and server together
     */
    record Outcome(double perSecond, double p50, double p99, long errors, long requests, double perProcessorSecond) {}

    /**
     * Asks until the time or the requests are over.
     *
     * @param path of the n-th request
     * @param most requests
     */
    Outcome run(int port, LongFunction<String> path, long nanos, long most) {
        AtomicLong next = new AtomicLong();
        AtomicLong good = new AtomicLong();
        AtomicLong bad = new AtomicLong();
        AtomicLongArray latencies = new AtomicLongArray(BUCKETS);
        ProcessorTime processor = new ProcessorTime();
        long start = System.nanoTime();
        List<Future<Void>> loops = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Promise<Void> ended = Promise.promise();
            vertx.runOnContext(now -> ask(port, path, start + nanos, most, next, good, bad, latencies, ended));
            loops.add(ended.future());
        }
        Future.join(loops)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(nanos + TimeUnit.SECONDS.toNanos(60), TimeUnit.NANOSECONDS)
                .join();
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Outcome(
                good.get() / seconds,
                percentile(latencies, good.get() + bad.get(), 0.50),
                percentile(latencies, good.get() + bad.get(), 0.99),
                bad.get(),
                good.get() + bad.get(),
                good.get() / processor.seconds());
    }

    private void ask(
            int port,
            LongFunction<String> path,
            long deadline,
            long most,
            AtomicLong next,
            AtomicLong good,
            AtomicLong bad,
            AtomicLongArray latencies,
            Promise<Void> ended) {
        long number = next.getAndIncrement();
        long sent = System.nanoTime();
        if (sent > deadline || number >= most) {
            ended.complete();
            return;
        }
        client.request(HttpMethod.GET, port, "127.0.0.1", path.apply(number))
                .compose(HttpClientRequest::send)
                .compose(answer -> answer.body().map(body -> answer.statusCode()))
                .onComplete(answer -> {
                    boolean ok = answer.succeeded() && answer.result() == 200;
                    (ok ? good : bad).incrementAndGet();
                    long micros = (System.nanoTime() - sent) / 1000;
                    latencies.incrementAndGet((int) Math.min(BUCKETS - 1, micros / BUCKET_US));
                    ask(port, path, deadline, most, next, good, bad, latencies, ended);
                });
    }

    private static double percentile(AtomicLongArray latencies, long all, double share) {
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += latencies.get(i);
            if (seen >= share * all) {
                return (i + 1) * BUCKET_US / 1000.0;
            }
        }
        return BUCKETS * BUCKET_US / 1000.0;
    }

    @Override
    public void close() {
        client.close().toCompletionStage().toCompletableFuture().join();
    }
}
