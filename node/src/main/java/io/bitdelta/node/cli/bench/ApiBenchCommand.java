package io.bitdelta.node.cli.bench;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.api.Lending;
import io.bitdelta.node.api.NodeServer;
import io.bitdelta.node.api.ServerSettings;
import io.bitdelta.node.api.contract.Contract;
import io.bitdelta.node.api.did.DidApi;
import io.bitdelta.node.auth.CredentialRefusedException;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.config.TemporaryFolder;
import io.bitdelta.node.did.DidResolver;
import io.bitdelta.node.metrics.NodeMeters;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.Schema;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.Field;
import org.jooq.impl.DSL;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench api}. */
@Command(
        name = "api",
        description = {
            "Requests a second over HTTP against an empty Vert.x route, by the same client in the same run.",
            "did-lookup-cold asks for each identity once, did-lookup for random ones that were asked for before."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta bench api --json"})
final class ApiBenchCommand implements Callable<Integer> {
    private static final long CHAIN = 31337;
    private static final int CONNECTIONS = 32;
    private static final int BATCH = 500;
    private static final int ROUNDS = 4;

    private static final Field<String> PREVIOUS_CHANGE = DSL.field(DSL.name("previous_change"), String.class);

    @Option(
            names = "--dids",
            defaultValue = "100000",
            paramLabel = "N",
            description = "Identities in the database (default: ${DEFAULT-VALUE}).")
    private int dids;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            paramLabel = "N",
            description = "How long did-lookup runs; the empty route runs a third of it (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    ApiBenchCommand() {}

    /** A measured row. */
    record Row(
            String name,
            double value,
            String unit,
            double baseline,
            double ratio,
            double p50Ms,
            double p99Ms,
            long errors,
            double loadAverage) {}

    @Override
    public Integer call() throws IOException {
        List<Row> rows;
        try (TemporaryFolder folder = TemporaryFolder.create("bitdelta-bench");
                Database database = Database.sqlite(folder.path().resolve("bench.sqlite"))) {
            fill(database);
            rows = measure(database, folder.path());
        }
        output.result(
                Map.of("results", rows),
                text -> rows.forEach(row -> text.printf(
                        "%-16s %8.0f %s, empty route %8.0f, ratio %.2f, p50 %.2f ms, p99 %.2f ms, errors %d, load %.1f%n",
                        row.name(),
                        row.value(),
                        row.unit(),
                        row.baseline(),
                        row.ratio(),
                        row.p50Ms(),
                        row.p99Ms(),
                        row.errors(),
                        row.loadAverage())));
        return 0;
    }

    private List<Row> measure(Database database, Path work) {
        Vertx vertx = Vertx.vertx();
        try (NodeMeters meters = new NodeMeters(List.of());
                NodeServer server = server(database, work, meters);
                HttpLoad load = new HttpLoad(vertx, CONNECTIONS)) {
            int empty = emptyRoute(vertx);
            long all = TimeUnit.SECONDS.toNanos(seconds);
            load.run(empty, n -> "/empty", TimeUnit.SECONDS.toNanos(3), Long.MAX_VALUE);
            HttpLoad.Outcome cold = load.run(server.port(), this::path, TimeUnit.MINUTES.toNanos(2), dids);
            double baseline = 0;
            double value = 0;
            double p50 = 0;
            double p99 = 0;
            long errors = 0;
            for (int round = 0; round < ROUNDS; round++) {
                baseline += load.run(empty, n -> "/empty", all / 3 / ROUNDS, Long.MAX_VALUE)
                                .perSecond()
                        / ROUNDS;
                HttpLoad.Outcome warm = load.run(server.port(), n -> path(scattered(n)), all / ROUNDS, Long.MAX_VALUE);
                value += warm.perSecond() / ROUNDS;
                p50 = Math.max(p50, warm.p50());
                p99 = Math.max(p99, warm.p99());
                errors += warm.errors();
            }
            double machine = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
            return List.of(
                    new Row("did-lookup", value, "1/s", baseline, value / baseline, p50, p99, errors, machine),
                    new Row(
                            "did-lookup-cold",
                            cold.perSecond(),
                            "1/s",
                            baseline,
                            cold.perSecond() / baseline,
                            cold.p50(),
                            cold.p99(),
                            cold.errors(),
                            machine));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** Neighbours in time are strangers in the database. */
    private long scattered(long number) {
        return Math.floorMod(number * 0x9E3779B97F4A7C15L, (long) dids);
    }

    private String path(long number) {
        return "/1.0/identifiers/" + new LuxDid(CHAIN, address(Math.floorMod(number, (long) dids)));
    }

    private static EvmAddress address(long number) {
        return EvmAddress.of(Arrays.copyOf(Keccak256.ofText("bench " + number).bytes(), EvmAddress.LENGTH));
    }

    /** Each identity has changed hands once, so that there is a history to read. */
    private void fill(Database database) {
        for (int from = 0; from < dids; from += BATCH) {
            int start = from;
            database.transaction(sql -> {
                for (int i = start; i < Math.min(start + BATCH, dids); i++) {
                    sql.insertInto(Schema.IDENTITY_EVENT)
                            .set(Schema.IDENTITY, address(i).hex())
                            .set(Schema.KIND, "owner")
                            .set(Schema.NAME, "")
                            .set(Schema.VALUE, address(i + 1L).hex())
                            .set(PREVIOUS_CHANGE, "0")
                            .set(Schema.BLOCK_NUMBER, (long) i)
                            .set(Schema.LOG_INDEX, 0)
                            .set(Schema.TX_HASH, "0x")
                            .set(Schema.TIME_S, 1_700_000_000L + i)
                            .execute();
                }
                return 0;
            });
        }
    }

    private static NodeServer server(Database database, Path work, NodeMeters meters) {
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
                        List.of(new DidApi(new DidResolver(database, CHAIN, Clock.systemUTC()), () -> 0)),
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
    private static int emptyRoute(Vertx vertx) {
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
                                        .onSuccess(server -> port.set(server.actualPort()))
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
}
