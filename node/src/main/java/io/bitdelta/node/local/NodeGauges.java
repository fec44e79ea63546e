package io.bitdelta.node.local;

import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.TxState;
import io.bitdelta.node.chain.endpoint.EndpointPool;
import io.bitdelta.node.chain.endpoint.EndpointState;
import io.bitdelta.node.chain.endpoint.Health;
import io.bitdelta.node.jobs.JobState;
import io.bitdelta.node.relay.GasBudget;
import io.bitdelta.node.royalty.SettlementWatch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What there is to see of a node's work: transactions, jobs, content, index, endpoints, money. Looked at now and then, so
 * that asking for the measurements costs no request to the chain; a part that does not answer keeps its last values.
 */
final class NodeGauges implements MeterBinder {
    private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Counting blocks walks through all of them. */
    private static final long COUNT_EVERY_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final Logger log = LoggerFactory.getLogger(NodeGauges.class);

    private final LocalNode node;
    private final LongSupplier nanos;
    private final Map<Series, Double> values = new ConcurrentHashMap<>();
    private long lookedAt;
    private long countedAt;

    private record Series(String name, String label) {}

    /** @param nanos a clock that only goes forward */
    NodeGauges(LocalNode node, LongSupplier nanos) {
        this.node = node;
        this.nanos = nanos;
        this.lookedAt = nanos.getAsLong() - LOOK_EVERY_NANOS;
        this.countedAt = nanos.getAsLong() - COUNT_EVERY_NANOS;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (TxState state : TxState.values()) {
            if (!state.isFinal()) {
                gauge(registry, "bitdelta.outbox.entries", "state", word(state), "Transactions that are not final.");
            }
        }
        gauge(registry, "bitdelta.outbox.stuck", "", "", "Transactions that should have been mined long ago.");
        gauge(registry, "bitdelta.outbox.oldest.seconds", "", "", "Age of the oldest transaction that is not final.");
        for (int signer = 1; signer <= node.outbox().signers().size(); signer++) {
            gauge(
                    registry,
                    "bitdelta.signer.balance.wei",
                    "signer",
                    Integer.toString(signer),
                    "What an account that sends has left, in the order of relayer.keys.");
        }
        for (JobState state : JobState.values()) {
            gauge(registry, "bitdelta.jobs", "state", word(state), "Jobs; finished ones of the last 30 days.");
        }
        gauge(registry, "bitdelta.jobs.oldest.seconds", "", "", "Age of the oldest job that should be going on.");
        gauge(registry, "bitdelta.store.bytes", "", "", "Bytes of all blocks, counted every 10 minutes.");
        gauge(registry, "bitdelta.store.blocks", "", "", "Blocks, counted every 10 minutes.");
        gauge(registry, "bitdelta.index.block", "", "", "Newest block of the index.");
        gauge(registry, "bitdelta.index.lag.blocks", "", "", "Blocks between the index and the chain's head.");
        for (String window : List.of("hour", "day")) {
            gauge(registry, "bitdelta.gas.spent.wei", "window", window, "Gas money spent on others.");
            gauge(registry, "bitdelta.gas.limit.wei", "window", window, "Gas money that may be spent on others.");
        }
        for (String state : List.of("open", "due", "lost")) {
            gauge(registry, "bitdelta.vouchers", "state", state, "Vouchers; lost ones since the start.");
        }
        int endpoints = node.endpoints().map(pool -> pool.states().size()).orElse(0);
        for (int number = 0; number < endpoints; number++) {
            for (Health health : Health.values()) {
                Series series = new Series("bitdelta.endpoint.health", number + " " + word(health));
                Gauge.builder(series.name(), values, all -> all.getOrDefault(series, 0.0))
                        .description("1 for what the node thinks of an endpoint, in the order of chain.rpc.")
                        .tags(Tags.of("endpoint", Integer.toString(number + 1), "health", word(health)))
                        .register(registry);
            }
        }
    }

    private void gauge(MeterRegistry registry, String name, String tag, String label, String description) {
        Series series = new Series(name, label);
        Gauge.builder(name, values, all -> all.getOrDefault(series, Double.NaN))
                .description(description)
                .tags(tag.isEmpty() ? Tags.empty() : Tags.of(tag, label))
                .register(registry);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Looks at everything, unless it did a moment ago. */
    synchronized void look() {
        if (nanos.getAsLong() - lookedAt < LOOK_EVERY_NANOS) {
            return;
        }
        lookNow();
        lookedAt = nanos.getAsLong();
    }

    /** Looks at everything. */
    synchronized void lookNow() {
        part("outbox", () -> {
            Map<TxState, Integer> queue = node.outbox().queue();
            for (TxState state : TxState.values()) {
                set("bitdelta.outbox.entries", word(state), queue.getOrDefault(state, 0));
            }
            Outbox.Backlog backlog = node.outbox().backlog();
            set("bitdelta.outbox.stuck", "", backlog.stuck());
            set("bitdelta.outbox.oldest.seconds", "", backlog.oldest().toMillis() / 1000.0);
            return true;
        });
        part("signers", () -> {
            int number = 0;
            for (BigInteger wei : node.outbox().balances()) {
                number++;
                set("bitdelta.signer.balance.wei", Integer.toString(number), wei.doubleValue());
            }
            return true;
        });
        part("jobs", () -> {
            Map<JobState, Integer> counts = node.jobs().counts();
            for (JobState state : JobState.values()) {
                set("bitdelta.jobs", word(state), counts.getOrDefault(state, 0));
            }
            set("bitdelta.jobs.oldest.seconds", "", node.jobs().oldest().toMillis() / 1000.0);
            return true;
        });
        part("index", () -> {
            long newest = node.indexedBlock();
            set("bitdelta.index.block", "", (double) newest);
            set("bitdelta.index.lag.blocks", "", (double)
                    Math.max(0, node.chain().head().number() - newest));
            return true;
        });
        part("gas budget", () -> {
            GasBudget.Status budget = node.gasBudget().status();
            set("bitdelta.gas.spent.wei", "hour", budget.hourSpent().doubleValue());
            set("bitdelta.gas.limit.wei", "hour", budget.hourLimit().doubleValue());
            set("bitdelta.gas.spent.wei", "day", budget.daySpent().doubleValue());
            set("bitdelta.gas.limit.wei", "day", budget.dayLimit().doubleValue());
            return true;
        });
        SettlementWatch.State vouchers = node.settlementWatch().state();
        set("bitdelta.vouchers", "open", vouchers.open());
        set("bitdelta.vouchers", "due", vouchers.due());
        set("bitdelta.vouchers", "lost", vouchers.lost());
        node.endpoints().ifPresent(this::endpoints);
        if (nanos.getAsLong() - countedAt >= COUNT_EVERY_NANOS) {
            part("content store", this::count);
            countedAt = nanos.getAsLong();
        }
    }

    private void endpoints(EndpointPool pool) {
        List<EndpointState> states = pool.states();
        for (int number = 0; number < states.size(); number++) {
            for (Health health : Health.values()) {
                set(
                        "bitdelta.endpoint.health",
                        number + " " + word(health),
                        states.get(number).health() == health ? 1 : 0);
            }
        }
    }

    private boolean count() throws IOException {
        set("bitdelta.store.bytes", "", (double) node.content().blocks().storedBytes());
        try (Stream<?> blocks = node.content().blocks().cids()) {
            set("bitdelta.store.blocks", "", (double) blocks.count());
        }
        return true;
    }

    private void set(String name, String label, double value) {
        values.put(new Series(name, label), value);
    }

    private static void part(String what, Callable<Boolean> look) {
        try {
            look.call();
        } catch (Exception away) {
            log.warn("{} cannot be measured now: {}", what, away.getMessage());
        }
    }
}
