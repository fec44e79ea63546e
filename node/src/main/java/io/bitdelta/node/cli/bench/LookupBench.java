package io.bitdelta.node.cli.bench;

import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.api.Lending;
import io.bitdelta.node.api.NodeServer;
import io.bitdelta.node.api.ServerSettings;
import io.bitdelta.node.api.contract.Contract;
import io.bitdelta.node.api.did.DidApi;
import io.bitdelta.node.api.lookup.DeltaLookupApi;
import io.bitdelta.node.auth.CredentialRefusedException;
import io.bitdelta.node.did.DidResolver;
import io.bitdelta.node.lookup.DeltaLookup;
import io.bitdelta.node.lookup.IndexChanges;
import io.bitdelta.node.metrics.NodeMeters;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.Schema;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jooq.DSLContext;

/**
 * Lookups over HTTP against an empty Vert.x route, by one client in one process. Each second a block touches some of the
 * identities, and these are made anew when they are asked for next.
 */
final class LookupBench implements AutoCloseable {
    private static final long CHAIN = 31337;
    private static final int CONNECTIONS = 32;
    private static final int ROUNDS = 4;
    private static final long COLD_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int TOUCHED_BY_A_BLOCK = 10;

    private final Database database;
    private final int dids;
    private final IndexChanges changes;
    private final NodeMeters meters = new NodeMeters(List.of());
    private final NodeServer server;
    private final Vertx vertx = Vertx.vertx();
    private final ScheduledExecutorService chain = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong height;

    /**
     * @param database empty
     * @param dids identities, each with one change of its controller and one delta
     */
    LookupBench(Database database, Path work, int dids) {
        this.database = database;
        this.dids = dids;
        this.changes = new IndexChanges(database);
        this.height = new AtomicLong(dids);
        fill();
        this.server = server(work);
    }

    List<ApiRow> run(int seconds) {
        try (HttpLoad load = new HttpLoad(vertx, CONNECTIONS)) {
            int empty = emptyRoute();
            changes.look();
            ScheduledFuture<?> mining = chain.scheduleAtFixedRate(this::mine, 1, 1, TimeUnit.SECONDS);
            long all = TimeUnit.SECONDS.toNanos(seconds);
            load.run(empty, n -> "/empty", TimeUnit.SECONDS.toNanos(3), Long.MAX_VALUE);
            List<ApiRow> rows = new ArrayList<>();
            rows.addAll(rows(load, empty, "did-lookup", this::document, all));
            rows.addAll(rows(load, empty, "deltas-of-did", this::deltas, all / 3));
            if (!mining.cancel(false)) {
                throw new IllegalStateException("blocks were not added to the end: " + mining);
            }
            return rows;
        }
    }

    private List<ApiRow> rows(HttpLoad load, int empty, String name, LongFunction<String> path, long nanos) {
        HttpLoad.Outcome cold = load.run(server.port(), path, COLD_NANOS, dids);
        double baseline = 0;
        double value = 0;
        double baselineProcessor = 0;
        double valueProcessor = 0;
        double p50 = 0;
        double p99 = 0;
        long errors = 0;
        for (int round = 0; round < ROUNDS; round++) {
            HttpLoad.Outcome nothing = load.run(empty, n -> "/empty", nanos / 3 / ROUNDS, Long.MAX_VALUE);
            baseline += nothing.perSecond() / ROUNDS;
            baselineProcessor += nothing.perProcessorSecond() / ROUNDS;
            HttpLoad.Outcome warm =
                    load.run(server.port(), n -> path.apply(scattered(n)), nanos / ROUNDS, Long.MAX_VALUE);
            value += warm.perSecond() / ROUNDS;
            valueProcessor += warm.perProcessorSecond() / ROUNDS;
            p50 = Math.max(p50, warm.p50());
            p99 = Math.max(p99, warm.p99());
            errors += warm.errors();
        }
        double machine = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return List.of(
                new ApiRow(
                        name,
                        value,
                        "1/s",
                        baseline,
                        value / baseline,
                        valueProcessor / baselineProcessor,
                        p50,
                        p99,
                        errors,
                        machine),
                new ApiRow(
                        name + "-cold",
                        cold.perSecond(),
                        "1/s",
                        baseline,
                        cold.perSecond() / baseline,
                        cold.perProcessorSecond() / baselineProcessor,
                        cold.p50(),
                        cold.p99(),
                        cold.errors(),
                        machine));
    }

    /** Neighbours in time are strangers in the database. */
    private long scattered(long number) {
        return Math.floorMod(number * 0x9E3779B97F4A7C15L, (long) dids);
    }

    private String document(long number) {
        return "/1.0/identifiers/" + did(number);
    }

    private String deltas(long number) {
        return "/api/dids/" + did(number) + "/deltas";
    }

    private LuxDid did(long number) {
        return new LuxDid(CHAIN, BenchIdentities.address(Math.floorMod(number, (long) dids)));
    }

    private void fill() {
        new BenchIdentities(database, dids).fill(number -> number);
        database.transaction(sql -> block(sql, dids));
    }

    private static int block(DSLContext sql, long number) {
        return sql.insertInto(Schema.CHAIN_BLOCK)
                .set(Schema.NUMBER, number)
                .set(Schema.HASH, BenchIdentities.hex("block", number))
                .set(Schema.PARENT_HASH, BenchIdentities.hex("block", number - 1))
                .set(Schema.TIME_S, BenchIdentities.FIRST_TIME_S + number)
                .execute();
    }

    /** What an indexer does with a block in which some identities change hands. */
    private void mine() {
        long number = height.incrementAndGet();
        database.transaction(sql -> {
            Object[][] rows = new Object[TOUCHED_BY_A_BLOCK][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = BenchIdentities.owner(
                        BenchIdentities.address(scattered(number * TOUCHED_BY_A_BLOCK + i))
                                .hex(),
                        BenchIdentities.address(number).hex(),
                        number,
                        i);
            }
            BenchIdentities.insertOwners(sql, rows);
            return block(sql, number);
        });
        changes.look();
    }

    private NodeServer server(Path work) {
        ServerSettings settings = new ServerSettings(
                "127.0.0.1",
                0,
                Optional.empty(),
                false,
                Set.of(),
                work,
                ServerSettings.Limits.USUAL.withRates(Integer.MAX_VALUE / 4, 100),
                false);
        return NodeServer.start(
                settings,
                new NodeServer.Parts(
                        Contract.load(),
                        List.of(
                                new DidApi(
                                        new DidResolver(database, CHAIN, Clock.systemUTC()),
                                        changes,
                                        Clock.systemUTC()),
                                new DeltaLookupApi(new DeltaLookup(database, CHAIN), changes, Clock.systemUTC())),
                        credential -> {
                            throw new CredentialRefusedException("no credentials here");
                        },
                        Lending.NONE,
                        new Nothing(),
                        meters));
    }

    /** No content. */
    private static final class Nothing implements BlockSource {
        @Override
        public Optional<Block> get(Cid cid) {
            return Optional.empty();
        }

        @Override
        public boolean has(Cid cid) {
            return false;
        }

        @Override
        public String name() {
            return "nothing";
        }
    }

    /** On as many event loops as the node's own server. */
    private int emptyRoute() {
        AtomicInteger port = new AtomicInteger();
        vertx.deployVerticle(
                        () -> new AbstractVerticle() {
                            @Override
                            public void start(Promise<Void> started) {
                                Router router = Router.router(vertx);
                                router.get("/empty")
                                        .handler(context -> context.response().end());
                                vertx.createHttpServer()
                                        .requestHandler(router)
                                        .listen(-1, "127.0.0.1")
                                        .onSuccess(listening -> port.set(listening.actualPort()))
                                        .<Void>mapEmpty()
                                        .onComplete(started);
                            }
                        },
                        new DeploymentOptions()
                                .setInstances(Math.min(4, Runtime.getRuntime().availableProcessors())))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return port.get();
    }

    @Override
    public void close() {
        chain.close();
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        meters.close();
    }
}
